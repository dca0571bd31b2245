"""Pages of copies: those of one person, asking for one, giving one, those that were given to me, and their review."""

from flask import Blueprint, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.clients.queries import Held, Holding, card_of, one_line, register_own
from shelter.copies import actions, queries, words
from shelter.copies.forms import AskForm, FindingForm, GiveForm
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.broken import Broken
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.render import page, tell
from shelter.web.times import day_of

blueprint = Blueprint("copies", __name__)
for _said in words.GLOBALS:
    blueprint.add_app_template_global(_said)


@blueprint.get("/copies")
@may(Act.COPIES_READ)
def index() -> Response:
    """What was given to her, what is asked of her and by her, and what she is to look at."""
    waiting = queries.to_review(actor()) if may_ever(actor(), Act.COPIES_REVIEW) else []
    asks = (
        (queries.asked_of_me(actor()), queries.asked_by_me(actor())) if may_ever(actor(), Act.COPIES_ASK) else ([], [])
    )
    mine = queries.given_to_me(actor())
    return page("copies/index.html", mine=mine, waiting=waiting, asked_of_me=asks[0], asked_by_me=asks[1])


@blueprint.get("/copies/<id:copy>")
@may(Act.COPIES_READ)
def show(copy: bytes) -> Response:
    return page("copies/show.html", copy=queries.opened(actor(), copy))


@blueprint.route("/copies/<id:copy>/review", methods=["GET", "POST"])
@may(Act.COPIES_REVIEW)
def look(copy: bytes) -> Response:
    given, form = queries.waiting(actor(), copy), FindingForm()
    if form.validate_on_submit():
        try:
            actions.review(actor(), form.finding_of(copy))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Reviewed."), then=_("It stays in the trail with what you found."))
            return redirect(url_for("copies.index"))
    return page("copies/look.html", form=form, given=given)


@blueprint.get("/people/<code>/copies")
@may(Act.COPIES_GIVE)
def of_her(code: str) -> Response:
    parts, given = queries.of_client(actor(), code)
    return page(
        "copies/of_her.html",
        card=card_of(actor(), code),
        parts=[one for one in words.PARTS if one in parts],
        given=given,
    )


@blueprint.route("/people/<code>/copies/ask", methods=["GET", "POST"])
@may(Act.COPIES_ASK)
def ask(code: str) -> Response:
    parts, form = queries.to_ask_for(actor(), code), AskForm()
    form.part.choices = [(name, said) for name, said in words.PARTS.items() if name in parts]
    if form.validate_on_submit():
        try:
            actions.ask(actor(), form.command(code))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Asked."), then=_("You hear of it when you are given a copy, and of nothing else."))
            return redirect(url_for("copies.index"))
    return page("copies/ask.html", form=form, card=card_of(actor(), code))


@blueprint.post("/copies/asks/<id:ask>/away")
@may(Act.COPIES_ASK)
def put_away(ask: bytes) -> Response:
    actions.put_away(actor(), ask)
    tell(_("Put away. Whoever asked is not told."))
    return redirect(url_for("copies.index"))


@blueprint.route("/people/<code>/copies/<room>", methods=["GET", "POST"])
@may(Act.COPIES_GIVE)
def give(code: str, room: str) -> Response:
    lines, readers = queries.to_copy(actor(), code, room)
    form = GiveForm()
    form.lines.choices = [(one.key, words.line_words(one)) for one in lines]
    form.reader.choices = [(one.id.hex(), one.working_name) for one in readers]
    if form.validate_on_submit():
        try:
            actions.give(actor(), form.command(code, room))
        except Broken as broken:
            form.refuse(broken)
        else:
            tell(_("Given."), then=_("It ends by itself; you can take it back before. Somebody else looks at it."))
            return redirect(url_for("copies.of_her", code=code))
    if not form.is_submitted() and "to" in request.args:
        form.reader.data = request.args["to"]
    return page("copies/give.html", form=form, card=card_of(actor(), code), part=room, lines=lines)


@blueprint.post("/people/<code>/copies/<id:copy>/end")
@may(Act.COPIES_GIVE)
def take_back(code: str, copy: bytes) -> Response:
    actions.take_back(actor(), code, copy)
    tell(_("Taken back. What was read before, nobody can call back."))
    return redirect(url_for("copies.of_her", code=code))


def _held(given: list[queries.Given]) -> list[Holding]:
    """Her own file says what of hers was given to a colleague, not to whom: it leaves the house, and the screen of who
    has looked has the names. Of legal work it stands in the part that legal staff give her.
    """
    lines = [Held("", _copied(one), day_of(one.at) if one.at else None) for one in given]
    return [Holding(_l("Copies of a part for a colleague"), lines)]


def _copied(one: queries.Given) -> str:
    return one_line(words.copied_part(one.part), words.copy_reason(one.reason), one.words)


register_own(
    "copies",
    46,
    lambda reader, client: _held(queries.in_her_file(reader, client, Act.CLIENTS_COPY)),
    tells=("copy_given:about",),
)
register_own(
    "copies of legal work",
    64,
    lambda reader, client: _held(queries.in_her_file(reader, client, Act.MATTERS_COPY)),
    tells=("copy_given:about",),
    title=_l("Legal work"),
    gives=Act.MATTERS_COPY,
)
