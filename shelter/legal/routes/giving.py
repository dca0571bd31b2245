"""A matter given to another advocate."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.legal import actions, queries
from shelter.legal.forms import GiveForm
from shelter.legal.routes.blueprint import ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{ONE}/give", methods=["GET", "POST"])
@may(Act.MATTERS_GIVE)
def give(code: str, matter: bytes) -> Response:
    found, both = queries.matter(actor(), code, matter), None
    form = GiveForm(data={"version": found.version, "leaves": True})
    leads = queries.may_be_given(actor(), code)
    form.to.choices = [(one.id.hex(), one.working_name) for one in leads if one.id != found.text.lead]
    try:
        if form.validate_on_submit() and kept(form, lambda: actions.give_matter(actor(), form.command(code, matter))):
            tell(_("Given. She has been told, and its days are on her phone if she wants them there."))
            return to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        form.to.choices = [(one.id.hex(), one.working_name) for one in leads]
        saved = {"to": found.text.lead.hex()}
        both = both_texts(form, saved, version=found.version, by=found.changed_by, at=found.changed_at)
    return page("legal/give.html", status=409 if both else None, form=form, matter=found, both=both)
