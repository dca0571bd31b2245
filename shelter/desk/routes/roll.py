"""Roll call: the page of a night, one press, and the steps for somebody who is not back."""

from typing import TypeVar

from flask import abort, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shelter.accounts.queries import me
from shelter.desk import actions, queries
from shelter.desk.forms import NightForm, PressForm, StepForm, TickForm
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

SentForm = TypeVar("SentForm", bound=PressForm)


@blueprint.get("/roll-call")
@may(Act.ROLL_TAKE)
def roll() -> Response:
    asked = "night" in request.args
    form = NightForm(request.args if asked else None, meta={"csrf": False})
    form.night.earliest, form.night.latest = nights_of_roll(default_day(actor()))
    asked = asked and form.validate()
    sites = queries.roll(actor(), form.night.data if asked else None)
    return page("desk/roll.html", form=form, sites=sites, caller=actor().id.hex(), opened=now().isoformat())


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
    stands = actions.tick(actor(), command)
    if _asks_a_script():
        return jsonify(stands=stands)
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
    tell(_("Written down, with your name and the time."), undo=url_for(".take_back", code=code))
    return redirect(url_for(".roll", night=form.night.data.isoformat(), _anchor=code))


@blueprint.post("/roll-call/<code>/undo")
@may(Act.ROLL_TAKE)
def take_back(code: str) -> Response:
    actions.take_back(actor(), code)
    tell(_("Taken back."))
    return redirect(url_for(".roll"))


def _sent(code: str, kind: type[SentForm]) -> SentForm:
    """What a button sent; the page never sends anything that does not hold, so there is nothing to keep. What one
    colleague saw is never written down as another's, who came to the front of this desk meanwhile: 409."""
    form = kind()
    if form.caller.data and form.caller.data != actor().id.hex():
        if _asks_a_script():
            abort(409)
        raise Broken("desk.another_caller")
    queries.require_in_reach(actor(), code)
    if not form.validate():
        raise Broken("desk.which_night")
    return form


def _asks_a_script() -> bool:
    return request.accept_mimetypes.best == "application/json"
