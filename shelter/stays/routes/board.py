"""The board of a night, as rooms, as a list, on paper and as counts; holding a bed and taking one out of use."""

from datetime import date

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.queries import me
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.staydays import nights_on_offer
from shelter.stays import actions, queries
from shelter.stays.forms import DayForm, OutForm
from shelter.stays.routes.blueprint import blueprint
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page, tell
from shelter.web.times import hour


@blueprint.get("/beds")
@may(Act.BEDS_SEE)
def board() -> Response:
    form = _day_form()
    return page("stays/board.html", form=form, sites=_sites(form), can=can())


@blueprint.get("/beds/list")
@may(Act.BEDS_SEE)
def listed() -> Response:
    form = _day_form()
    return page("stays/listed.html", form=form, sites=_sites(form), can=can())


@blueprint.get("/beds/paper")
@may(Act.BEDS_PRINT)
def paper() -> Response:
    """A page a site for fire and power cuts: codes and working names, no address."""
    sites = queries.board(actor(), printed=True)
    mark = PrintMark(_("Beds"), me(actor()).working_name, now())
    return print_page("stays/paper.html", mark, sites=sites, back_url=url_for(".board"))


@blueprint.get("/beds/counts")
@may(Act.BEDS_COUNT)
def counts() -> Response:
    form = _day_form()
    return page("stays/counts.html", form=form, sites=queries.counts(actor(), _night(form)))


def _day_form() -> DayForm:
    form = DayForm(request.args, meta={"csrf": False})
    form.night.earliest, form.night.latest = nights_on_offer(queries.default_day(actor()))
    form.validate()
    return form


def _night(form: DayForm) -> date | None:
    return form.night.data if not form.errors else None


def _sites(form: DayForm) -> list[queries.SiteNight]:
    return queries.board(actor(), _night(form))


def can() -> dict[str, bool]:
    """Which buttons the reader's role could ever use; the action decides again."""
    acts = {
        "keep": Act.BEDS_KEEP,
        "admit": Act.CLIENTS_CREATE,
        "arrive": Act.ARRIVALS_TAKE,
        "print": Act.BEDS_PRINT,
        "furnish": Act.PLACES_MANAGE,
        "count": Act.NIGHTS_COUNT,
    }
    return {name: may_ever(actor(), act) for name, act in acts.items()}


@blueprint.post("/beds/hold")
@may(Act.BEDS_KEEP)
def hold() -> Response:
    try:
        kept = actions.hold(actor(), _bed_pressed())
    except Broken as broken:
        return as_it_is_now(broken)
    tell(_("The bed is held until %(hour)s.", hour=hour(kept.until)), then=_("Nobody's name is kept with it."))
    return redirect(url_for(".board"))


@blueprint.post("/beds/release")
@may(Act.BEDS_KEEP)
def release() -> Response:
    actions.release(actor(), _bed_pressed())
    tell(_("The bed is free again."))
    return redirect(url_for(".board"))


@blueprint.post("/beds/ready")
@may(Act.BEDS_KEEP)
def ready() -> Response:
    actions.put_back(actor(), _bed_pressed())
    tell(_("The bed is ready again."))
    return redirect(url_for(".board"))


def _bed_pressed() -> bytes:
    """The bed of the button, 16 bytes; what is none names no bed."""
    try:
        return bytes.fromhex(request.form.get("bed", ""))
    except ValueError:
        return b""


def as_it_is_now(broken: Broken) -> Response:
    """The slower of two: what happened, and the board as it is now."""
    form = DayForm(meta={"csrf": False}, formdata=None)
    form.refuse(broken)
    return page("stays/board.html", status=409, form=form, sites=queries.board(actor()), can=can())


@blueprint.route("/beds/<id:bed>/out", methods=["GET", "POST"])
@may(Act.BEDS_KEEP)
def out(bed: bytes) -> Response:
    found = queries.bed_of(actor(), bed)
    form = OutForm(data={"from_day": queries.default_day(actor())})
    if form.validate_on_submit():
        try:
            actions.take_out(actor(), form.command(bed))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("The bed is not in use."), then=_("Press “Ready” on the board when it is."))
            return redirect(url_for(".board"))
    return page("stays/out.html", form=form, bed=found)
