"""The interviews of one person's stays, and the list of what a checker of exports would doubt."""

from flask import Blueprint, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.answers import actions, queries, words
from shelter.answers.forms import InterviewForm, interview_form
from shelter.clients.queries import Held, Holding, PersonCard, agency_today, register_own
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.interview import Stage
from shelter.web.conflict import Conflict
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell

blueprint = Blueprint("answers", __name__)
STAGES = {"entry": Stage.ENTRY, "update": Stage.UPDATE, "exit": Stage.EXIT, "annual": Stage.ANNUAL}
NAMES = {stage: name for name, stage in STAGES.items()}
for said in words.GLOBALS:
    blueprint.add_app_template_global(said)


@blueprint.app_template_global()
def stage_name(stage: int) -> str:
    """A stage as it stands in an address."""
    return NAMES[Stage(stage)]


@blueprint.get("/census/doubts")
@may(Act.NIGHTS_COUNT)
def doubts() -> Response:
    return page("answers/doubts.html", doubts=queries.doubts(actor()))


@blueprint.get("/people/<code>/answers")
@may(Act.ANSWERS_WRITE)
def show(code: str) -> Response:
    card, stays = queries.answers_of(actor(), code)
    return page("answers/show.html", card=card, stays=stays)


@blueprint.route("/people/<code>/answers/<id:stay>/<any(entry, update, exit, annual):stage>", methods=["GET", "POST"])
@may(Act.ANSWERS_WRITE)
def interview(code: str, stay: bytes, stage: str) -> Response:
    """Entry and exit are asked once a stay and changed later; updates and annual answers are new each time."""
    card, found = queries.stay_of(actor(), code, stay)
    known = found.of(STAGES[stage]) if stage in ("entry", "exit") else None
    form = interview_form(found.asked(STAGES[stage]), known, agency_today())
    if form.validate_on_submit():
        try:
            actions.keep(actor(), form.command(code, stay, STAGES[stage], known.id if known else None))
        except Broken as broken:
            form.refuse(broken)
        except Conflict:
            return _again(form, card, stage, queries.stay_of(actor(), code, stay)[1].of(STAGES[stage]))
        else:
            tell(_("The answers are kept."))
            return redirect(url_for(".show", code=code))
    return page("answers/interview.html", form=form, card=card, stage=STAGES[stage], saved=None)


def _again(form: InterviewForm, card: PersonCard, stage: str, saved: queries.AnswersView | None) -> Response:
    """Somebody saved first: her answers above a form that keeps what was chosen."""
    form.form_errors.append(_("Somebody saved these answers first. They stand below; yours are still in the form."))
    form.version.data, form.version.raw_data = (saved.version if saved else 0), None
    return page("answers/interview.html", form=form, card=card, stage=STAGES[stage], saved=saved, status=409)


def _held(stays: list[queries.StayView]) -> list[Holding]:
    """What she answered for funders, stay by stay, as her own file says it."""
    lines = [
        Held(line["label"], line["value"] or line["skipped"], view.words.on)
        for stay in stays
        for view in stay.answers
        for line in words.answer_lines(view)
        if line["value"] or line["skipped"]
    ]
    return [Holding(_l("Answers for those who pay"), lines)]


register_own(
    "answers",
    24,
    lambda reader, client: _held(queries.answers_of(reader, client.code)[1]),
    tells=("stay_answers:answers",),
    title=_l("Answers for those who pay"),
    gives=Act.ANSWERS_WRITE,
)
