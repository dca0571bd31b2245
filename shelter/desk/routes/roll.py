"""Roll call: the page of a night, one press, and the steps for somebody who is not back."""

from typing import TypeVar

from flask import jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.queries import me
from shelter.desk import actions, queries
from shelter.desk.forms import NightForm, StepForm, TickForm
from shelter.desk.routes.blueprint import blueprint
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.rollcall import Seen, nights_of_roll
from shelter.stays.queries import default_day
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page, tell

SentForm = TypeVar("SentForm", bound=NightForm)


@blueprint.get("/roll-call")
@may(Act.ROLL_TAKE)
def roll() -> Response:
    form = NightForm(request.args, meta={"csrf": False})
    form.night.earliest, form.night.latest = nights_of_roll(default_day(actor()))
    asked = "night" in request.args and form.validate()
    if "night" not in request.args:
        form = NightForm(formdata=None, meta={"csrf": False})
    return page("desk/roll.html", form=form, sites=queries.roll(actor(), form.night.data if asked else None))


@blueprint.get("/roll-call/paper")
@may(Act.BEDS_PRINT)
def blank() -> Response:
    """An empty form to tick by hand, for a night without power; nobody stands on it."""
    mark = PrintMark(_("Roll call"), me(actor()).working_name, now())
    return print_page("desk/blank.html", mark, back_url=url_for(".roll"))


@blueprint.post("/roll-call/<code>")
@may(Act.ROLL_TAKE)
def tick(code: str) -> Response:
    command = _sent(code, TickForm).command(code)
    actions.tick(actor(), command)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(saved=True)
    if command.seen is Seen.OPEN:
        tell(_("Taken back."))
    else:
        tell(_("Saved."), undo=url_for(".take_back", code=code))
    return redirect(url_for(".roll", night=command.night.isoformat(), _anchor=code))


@blueprint.post("/roll-call/<code>/step")
@may(Act.ROLL_TAKE)
def step(code: str) -> Response:
    form = _sent(code, StepForm)
    actions.take_step(actor(), code, form.night.data, form.step.data)
    tell(_("Written down, with your name and the time."))
    return redirect(url_for(".roll", night=form.night.data.isoformat(), _anchor=code))


@blueprint.post("/roll-call/<code>/undo")
@may(Act.ROLL_TAKE)
def take_back(code: str) -> Response:
    actions.take_back(actor(), code)
    tell(_("Taken back."))
    return redirect(url_for(".roll"))


def _sent(code: str, kind: type[SentForm]) -> SentForm:
    """What a button sent; the page never sends anything that does not hold, so there is nothing to keep."""
    queries.require_in_reach(actor(), code)
    form = kind()
    if not form.validate():
        raise Broken("desk.which_night")
    return form
