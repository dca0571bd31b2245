"""Choosing who gets a bed."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.stays import queries
from shelter.stays.forms import PickForm
from shelter.stays.routes.blueprint import blueprint
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page


def bed_asked() -> bytes | None:
    """The bed that a page was opened for (`?bed=`), where it is one."""
    try:
        return bytes.fromhex(request.args.get("bed", "")) or None
    except ValueError:
        return None


@blueprint.route("/beds/<id:bed>/admit", methods=["GET", "POST"])
@may(Act.STAYS_WRITE)
def pick(bed: bytes) -> Response:
    """Who gets this bed: somebody with a code, or somebody new."""
    found, form = queries.bed_of(actor(), bed), PickForm()
    if form.validate_on_submit():
        try:
            code = form.parsed()
            queries.require_known(actor(), code)
        except Broken:
            form.refuse(Broken("stays.no_such_code", "code"))
        else:
            return redirect(url_for(".admit", code=code, bed=bed.hex()))
    return page("stays/pick.html", form=form, bed=found)
