"""Pages on which supervisors furnish the houses where they work."""

from collections.abc import Callable

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.places import actions, queries, words
from shelter.places.forms import BedForm, BedsForm, CloseBedForm, DayForm, MoveBedForm, RulesForm, UnitForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

blueprint = Blueprint("places", __name__, url_prefix="/places")
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)


@blueprint.get("/")
@may(Act.PLACES_MANAGE)
def index() -> Response:
    form = DayForm(request.args, meta={"csrf": False})
    form.validate()
    day = form.day.data if not form.errors else None
    return page("places/index.html", form=form, houses=queries.houses(actor(), day))


@blueprint.route("/<id:site>/rooms/new", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def new_room(site: bytes) -> Response:
    form, house = UnitForm(data={"kind": "single"}), queries.house(actor(), site)
    done = _tried(form, lambda: actions.add_unit(actor(), form.command(site)), _("The room is on the board."))
    return done or page("places/new_room.html", form=form, house=house)


@blueprint.route("/rooms/<id:unit>/beds/new", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def new_beds(unit: bytes) -> Response:
    form, (house, room) = BedsForm(data={"kind": "single"}), queries.room(actor(), unit)
    done = _tried(form, lambda: actions.add_beds(actor(), unit, form.beds()), _("The beds are on the board."))
    return done or page("places/new_beds.html", form=form, house=house, room=room)


@blueprint.route("/beds/<id:bed>", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def edit_bed(bed: bytes) -> Response:
    house, found = queries.bed(actor(), bed)
    form = BedForm(data={"label": found.label, "kind": found.kind, "offers": list(found.offers)})
    done = _tried(form, lambda: actions.change_bed(actor(), form.command(bed)), _("Saved."))
    return done or page("places/edit_bed.html", form=form, house=house, bed=found)


@blueprint.route("/beds/<id:bed>/move", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def move_bed(bed: bytes) -> Response:
    house, found = queries.bed(actor(), bed)
    form = MoveBedForm(data={"day": house.day})
    form.unit.choices = [(room.id.hex(), room.name) for room in house.rooms if room.id != found.unit]
    said = _("The bed stands in the other room from that day on. Its nights stay where they were.")
    done = _tried(form, lambda: actions.move_bed(actor(), form.command(bed)), said)
    return done or page("places/move_bed.html", form=form, house=house, bed=found)


@blueprint.route("/beds/<id:bed>/close", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def close_bed(bed: bytes) -> Response:
    house, found = queries.bed(actor(), bed)
    form = CloseBedForm(data={"until_day": house.day})
    said = _("The bed leaves the board. What happened in it stays.")
    done = _tried(form, lambda: actions.close_bed(actor(), bed, form.day()), said)
    return done or page("places/close_bed.html", form=form, house=house, bed=found)


@blueprint.post("/beds/<id:bed>/open")
@may(Act.PLACES_MANAGE)
def open_bed(bed: bytes) -> Response:
    try:
        actions.open_bed(actor(), bed)
    except Broken:
        tell(_("A bed with this label stands in the room now. Give that one another label first."))
    else:
        tell(_("The bed is on the board again."))
    return redirect(url_for(".index"))


@blueprint.route("/<id:site>/rules", methods=["GET", "POST"])
@may(Act.PLACES_MANAGE)
def edit_rules(site: bytes) -> Response:
    house = queries.house(actor(), site)
    known = {name: getattr(house, name) for name in ("hold_minutes", "stay_limit", "night_by_night", "version")}
    form = RulesForm(data=known)
    try:
        done = _tried(form, lambda: actions.change_rules(actor(), form.command(site)), _("Saved."))
    except Conflict:
        form.form_errors.append(_("Somebody changed this meanwhile: look at it as it is now, then save again."))
        form.version.data, form.version.raw_data = house.version, None
        return page("places/edit_rules.html", form=form, house=house, status=409)
    return done or page("places/edit_rules.html", form=form, house=house)


def _tried(form: Form, act: Callable[[], object], said: str) -> Response | None:
    """The act where the form is sent and right, and back to the rooms; None where the form has to be shown."""
    if not form.validate_on_submit():
        return None
    try:
        act()
    except Broken as broken:
        form.refuse(broken)
        return None
    tell(said)
    return redirect(url_for(".index"))
