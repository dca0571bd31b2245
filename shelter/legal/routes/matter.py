"""The matter itself: opened, its scope and parties, the stage it has come to."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.legal import actions, queries
from shelter.legal.forms import (
    ChangeMatterForm,
    MatterForm,
    StageForm,
)
from shelter.legal.forms.asked import lines
from shelter.legal.routes.blueprint import HERS, ONE, blueprint, kept, to_matter
from shelter.policy.acts import Act
from shelter.web.conflict import Conflict, both_texts
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell


@blueprint.route(f"{HERS}/new", methods=["GET", "POST"])
@may(Act.MATTERS_OPEN)
def new(code: str) -> Response:
    opening = queries.opening(actor(), code)
    form = MatterForm(data={"opened_on": opening.today})
    if opening.leads:
        form.lead.choices = [(one.id.hex(), one.working_name) for one in opening.leads]
    else:
        del form.lead
    made: list[bytes] = []
    if form.validate_on_submit() and kept(form, lambda: made.append(actions.open_matter(actor(), form.command(code)))):
        tell(_("The matter is open."), then=_("Next: what was sent and what came back."))
        return to_matter(code, made[0])
    return page("legal/new.html", form=form, card=opening.card, near=_near(form, code))


@blueprint.route(f"{ONE}/change", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def change(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = ChangeMatterForm(data=_about(found)), None
    try:
        if form.validate_on_submit() and kept(form, lambda: actions.change_matter(actor(), form.command(code, matter))):
            tell(_("Saved."))
            return to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        both = both_texts(form, _about(found), version=found.version, by=found.changed_by, at=found.changed_at)
    return page(
        "legal/change.html", status=409 if both else None, form=form, matter=found, both=both, near=_near(form, code)
    )


def _near(form: ChangeMatterForm | MatterForm, code: str) -> tuple[queries.Near, ...]:
    return queries.near_of(actor(), code, lines(form.adverse.data)) if form.errors else ()


def _about(found: queries.MatterView) -> dict[str, object]:
    text = found.text
    return {
        "scope": text.scope,
        "adverse": "\n".join(text.adverse),
        "a_number": text.a_number,
        "retainer_on": text.agreement.retainer_on,
        "counsel": text.agreement.counsel,
        "closing_on": text.agreement.closing_on,
        "closing": text.agreement.closing,
        "version": found.version,
    }


@blueprint.route(f"{ONE}/stage", methods=["GET", "POST"])
@may(Act.MATTERS_WRITE)
def move(code: str, matter: bytes) -> Response:
    found = queries.matter(actor(), code, matter)
    form, both = StageForm(data={"on": found.today, "version": len(found.moves)}), None
    form.ask(found.next_stages)
    form.offer(found.kind.stages)  # any stage is read, so that the rule can say why one does not follow
    try:
        if form.validate_on_submit() and kept(form, lambda: actions.move_stage(actor(), form.command(code, matter))):
            tell(_("The matter has come to its next stage."))
            return to_matter(code, matter)
    except Conflict:
        found = queries.matter(actor(), code, matter)
        last = found.moves[-1]
        both = both_texts(form, _moved(last), version=len(found.moves), by=last.by, at=last.at)
    form.offer(found.next_stages)
    return page("legal/move.html", status=409 if both else None, form=form, matter=found, both=both)


def _moved(last: queries.Moved) -> dict[str, object]:
    return {"stage": last.stage.code, "on": last.on, "confirmed": last.confirmed, "why": last.why}
