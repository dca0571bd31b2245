"""Pages around the stays of one person, and the list of stays near their limit."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from shelter.accounts.queries import me, my_sites
from shelter.clients.queries import Held, Holding, one_line, register_own
from shelter.course import actions, queries, words
from shelter.course.forms import AgreeForm, CallForm, DecideForm, MoreTimeForm, ReferForm, TurnForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.web.conflict import Conflict
from shelter.web.forms import Form
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.printing import print_page
from shelter.web.render import page, tell
from shelter.web.times import day_full, day_of

blueprint = Blueprint("course", __name__)
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)


@blueprint.get("/stays/limits")
@may(Act.TODAY_SEE)
def limits() -> Response:
    return page("course/limits.html", near=queries.near_limit(actor()))


@blueprint.get("/people/<code>/course")
@may(Act.STAYS_PLAN)
def show(code: str) -> Response:
    return page("course/show.html", view=queries.course_of(actor(), code))


@blueprint.route("/people/<code>/course/coming/new", methods=["GET", "POST"])
@may(Act.STAYS_PLAN)
def refer(code: str) -> Response:
    form, view = ReferForm(data={"people": 1}), queries.course_of(actor(), code)
    form.site.choices = [(site.id.hex(), site.code_name) for site in my_sites(actor())]
    done = _tried(form, code, lambda: actions.refer(actor(), form.command(code)), _("Written down."), "coming")
    return done or page("course/refer.html", form=form, card=view.card)


@blueprint.route("/people/<code>/course/coming/<id:coming>", methods=["GET", "POST"])
@may(Act.STAYS_PLAN)
def turn(code: str, coming: bytes) -> Response:
    view, found = queries.coming(actor(), code, coming)
    form = TurnForm(data={"version": found.version})
    form.offer(actions.NEXT.get(found.words.state, ()))
    act = partial(_then, coming, lambda: actions.take_turn(actor(), form.command(code, coming)))
    done = _tried(form, code, act, _("Written down."), "coming")
    return done or page("course/turn.html", form=form, card=view.card, coming=found)


@blueprint.route("/people/<code>/course/<id:stay>/more-time", methods=["GET", "POST"])
@may(Act.STAYS_PLAN)
def more_time(code: str, stay: bytes) -> Response:
    form, (view, found) = MoreTimeForm(), queries.stay(actor(), code, stay)
    said = _("Asked for. A supervisor decides.")
    done = _tried(form, code, lambda: actions.ask_more_time(actor(), form.command(code, stay)), said, "more_time")
    return done or page("course/more_time.html", form=form, card=view.card, stay=found)


@blueprint.route("/people/<code>/course/more-time/<id:extension>", methods=["GET", "POST"])
@may(Act.STAYS_EXTEND)
def decide(code: str, extension: bytes) -> Response:
    view, stay, asked = queries.more_time(actor(), code, extension)
    form = DecideForm(data={"version": asked.version})
    said = _("Decided. The letter to her is ready.")
    act = partial(_then, extension, lambda: actions.decide_more_time(actor(), form.command(code, extension)))
    done = _tried(form, code, act, said, "more_time")
    return done or page("course/decide.html", form=form, card=view.card, stay=stay, asked=asked)


@blueprint.get("/people/<code>/course/more-time/<id:extension>/letter")
@may(Act.STAYS_PLAN)
def letter(code: str, extension: bytes) -> Response:
    """Her own copy: no code on it, no address, no reason."""
    view, stay, asked = queries.more_time(actor(), code, extension)
    return print_page(
        "course/letter.html",
        None,
        card=view.card,
        stay=stay,
        asked=asked,
        reader=me(actor()).working_name,
        back_url=url_for(".show", code=code),
    )


@blueprint.route("/people/<code>/course/<id:stay>/afterwards", methods=["GET", "POST"])
@may(Act.STAYS_PLAN)
def agree(code: str, stay: bytes) -> Response:
    form, (view, found) = AgreeForm(), queries.stay(actor(), code, stay)
    agreed = actions.AgreeAfterwards(code, stay)
    said = _("Agreed. What is due stands on your first page in time.")
    done = _tried(form, code, lambda: actions.agree_afterwards(actor(), agreed), said, "afterwards")
    return done or page("course/agree.html", form=form, card=view.card, stay=found)


@blueprint.route("/people/<code>/course/afterwards/<id:follow_up>/<int:days>", methods=["GET", "POST"])
@may(Act.STAYS_PLAN)
def call(code: str, follow_up: bytes, days: int) -> Response:
    view, found = queries.after(actor(), code, follow_up)
    form = CallForm(data={"version": found.version})
    act = partial(_then, follow_up, lambda: actions.note_call(actor(), form.command(code, follow_up, days)))
    done = _tried(form, code, act, _("Saved."), "afterwards")
    return done or page("course/call.html", form=form, card=view.card, days=days)


@blueprint.post("/people/<code>/course/coming/<id:row>/undo")
@may(Act.STAYS_PLAN)
def undo_coming(code: str, row: bytes) -> Response:
    actions.take_back_coming(actor(), code, row)
    return _taken_back(code)


@blueprint.post("/people/<code>/course/more-time/<id:row>/undo")
@may(Act.STAYS_PLAN)
def undo_more_time(code: str, row: bytes) -> Response:
    actions.take_back_more_time(actor(), code, row)
    return _taken_back(code)


@blueprint.post("/people/<code>/course/afterwards/<id:row>/undo")
@may(Act.STAYS_PLAN)
def undo_afterwards(code: str, row: bytes) -> Response:
    actions.take_back_afterwards(actor(), code, row)
    return _taken_back(code)


def _taken_back(code: str) -> Response:
    tell(_("Taken back."))
    return redirect(url_for(".show", code=code))


def _then(row: bytes, act: Callable[[], None]) -> bytes:
    act()
    return row


def _tried(form: Form, code: str, act: Callable[[], bytes], said: str, what: str) -> Response | None:
    """The act where the form is sent and right, and back to her page, with what takes it back (`what` by the row that
    the act gives); None where the form has to be shown.
    """
    if not form.validate_on_submit():
        return None
    try:
        row = act()
    except Broken as broken:
        form.refuse(broken)
        return None
    except Conflict:
        tell(_("Somebody was faster. Here is how it stands now: look at it, then do what is left to do."))
        return redirect(url_for(".show", code=code))
    tell(said, undo=url_for(f".undo_{what}", code=code, row=row))
    return redirect(url_for(".show", code=code))


def _held(view: queries.CourseView) -> list[Holding]:
    """What is agreed around her stays, as her own file says it."""
    coming = [Held(words.coming_state(one.state), _coming(one), one.words.day) for one in view.comings]
    more_time = [
        Held(
            words.more_time_state(one.words.decision),
            one_line((_l("Until"), day_full(one.words.until)), one.words.reason, one.words.answer),
            one.words.until,
        )
        for stay in view.stays
        for one in stay.more_time
    ]
    after = [line for stay in view.stays if stay.after for line in _after(stay.after)]
    return [Holding(_l("Around her stay"), coming + more_time + after)]


def _coming(one: queries.ComingView) -> str:
    """Never to which house: this leaves it."""
    people = ngettext("%(num)d person", "%(num)d people", one.words.people)
    turns = [one_line(words.coming_state(turn.state), turn.note) for turn in one.words.turns]
    return one_line(one.words.referred_by, people, *turns)


def _after(after: queries.AfterView) -> list[Held]:
    """The calls that she agreed to, and what stopped them."""
    agreed = after.words
    since = _("counted from %(day)s", day=day_full(agreed.left))
    yes = Held(_l("She agreed to calls afterwards"), since, day_of(agreed.agreed_at))
    calls = [
        Held(
            words.call_state(call.state),
            one_line(ngettext("after %(num)d day", "after %(num)d days", call.days), call.note),
            call.due,
        )
        for call in agreed.calls
    ]
    stopped = [Held(_l("No further calls"), words.stopped_words(agreed.stopped))] if agreed.stopped else []
    return [yes, *calls, *stopped]


register_own(
    "course",
    23,
    lambda reader, client: _held(queries.course_of(reader, client.code)),
    tells=("coming:expected", "extension:more_time", "follow_up:afterwards"),
)
