"""What the auditor sees: the days, the odd looks kind by kind, one colleague, one person, the proof."""

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shelter.accounts.queries import me
from shelter.auditing import queries, words
from shelter.auditing.forms import DaysForm, HeadsForm, PersonForm
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.web.addresses import number_asked
from shelter.web.guard import actor
from shelter.web.may import may
from shelter.web.nav import NavItem
from shelter.web.printing import PrintMark, print_page
from shelter.web.render import page

blueprint = Blueprint("auditing", __name__, url_prefix="/trail")
_AUDITOR = frozenset({"auditor"})
NAV = (
    NavItem(_l("Who has looked"), "auditing.index", _AUDITOR, order=10),
    NavItem(_l("How many"), "auditing.volumes", _AUDITOR, order=12),
    NavItem(_l("Emergencies"), "auditing.emergencies", _AUDITOR, order=14),
    NavItem(_l("One person"), "auditing.person", _AUDITOR, order=16),
    NavItem(_l("Proof"), "auditing.proof", _AUDITOR, order=20),
)


class _OfDays(Protocol):
    @property
    def first(self) -> date | None: ...
    @property
    def last(self) -> date | None: ...


class _Listed(Protocol):
    @property
    def older(self) -> queries.Place | None: ...
    @property
    def newer(self) -> queries.Place | None: ...


T = TypeVar("T", bound=_OfDays)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {
        "why_broken": words.WHY_BROKEN,
        "deed_words": words.deed_words,
        "detail_words": words.detail_words,
        "audit_kinds": words.KINDS,
    }


def _of_days(read: Callable[[date | None, date | None], T]) -> tuple[DaysForm, T]:
    """What was found in the days asked for; in the last week where they cannot be, which is said beside the field.

    The form says which days they are.
    """
    form = DaysForm(request.args, meta={"csrf": False})
    asked = form.validate()
    try:
        found = read(form.first.data if asked else None, form.last.data if asked else None)
    except Broken as broken:
        form.refuse(broken)
        found = read(None, None)
    form.first.data, form.last.data = found.first, found.last
    return form, found


def _place() -> queries.Place:
    """Which page of a list, by a link of the chain; what is no such number is the first page."""
    return queries.Place(number_asked("before"), number_asked("after"))


def _list_page(template: str, listed: _Listed, **context: Any) -> Response:
    """One page of a list with the addresses of its neighbours, "" where there is none."""
    return page(template, older=_beside(listed.older), newer=_beside(listed.newer), **context)


def _beside(place: queries.Place | None) -> str:
    return _here(before=place.before, after=place.after) if place else ""


def _here(**where: Any) -> str:
    """This page's own address with the days or the code that it was asked for, elsewhere on its list."""
    kept: dict[str, Any] = {name: request.args[name] for name in ("first", "last", "code") if name in request.args}
    return url_for(str(request.endpoint), **(request.view_args or {}), **kept, **where)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    if not 1900 <= found.year < 3000:  # the edges of the calendar have no day before or after
        abort(404)
    return found


def _day_or_none(name: str) -> date | None:
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None


@blueprint.get("/")
@may(Act.AUDIT_READ)
def index() -> Response:
    until, since = _day_or_none("until"), _day_or_none("since")
    form, found = _of_days(lambda first, last: queries.period(actor(), first, last, until=until, since=since))
    older = _here(until=found.older.isoformat()) if found.older else ""
    newer = _here(since=found.newer.isoformat()) if found.newer else ""
    return page("auditing/index.html", form=form, period=found, older=older, newer=newer)


@blueprint.get("/kind/<kind_of_look>")
@may(Act.AUDIT_READ)
def kind(kind_of_look: str) -> Response:
    """Every look of one kind, link by link."""
    asked = queries.KINDS.get(kind_of_look) or abort(404)
    form, found = _of_days(lambda first, last: queries.of_kind(actor(), asked, first, last, _place()))
    return _list_page("auditing/kind.html", found, form=form, kind=words.KINDS[asked], links=found)


@blueprint.get("/volumes")
@may(Act.AUDIT_READ)
def volumes() -> Response:
    form, found = _of_days(lambda first, last: queries.volumes(actor(), first, last))
    return page("auditing/volumes.html", form=form, volumes=found)


@blueprint.get("/emergencies")
@may(Act.AUDIT_READ)
def emergencies() -> Response:
    form, found = _of_days(lambda first, last: queries.emergencies(actor(), first, last, _place()))
    return _list_page("auditing/emergencies.html", found, form=form, found=found)


@blueprint.get("/person")
@may(Act.AUDIT_READ)
def person() -> Response:
    """Everybody who looked at one person, by her code; without one it asks for it."""
    form = PersonForm(request.args, meta={"csrf": False})
    if "code" in request.args and form.validate():
        try:
            links = queries.of_person(actor(), form.asked(), _place())
        except Broken as broken:
            form.refuse(broken)
        else:
            return _list_page("auditing/person.html", links, form=form, links=links)
    return page("auditing/person.html", form=form)


@blueprint.get("/<id:staff>/<day>")
@may(Act.AUDIT_READ)
def colleague(staff: bytes, day: str) -> Response:
    who, links = queries.colleague(actor(), staff, on := _day(day), _place())
    return _list_page("auditing/colleague.html", links, who=who, day=on, links=links)


@blueprint.get("/nobody/<day>")
@may(Act.AUDIT_READ)
def nobody(day: str) -> Response:
    """What happened on a day with nobody signed in."""
    links = queries.by_nobody(actor(), on := _day(day), _place())
    return _list_page("auditing/nobody.html", links, links=links, day=on)


@blueprint.route("/proof", methods=["GET", "POST"])
@may(Act.AUDIT_READ)
def proof() -> Response:
    """The chain as it stands, and against heads that she brings along."""
    form, brought = HeadsForm(), ""
    if form.validate_on_submit():
        brought = form.heads.data
    try:
        found = queries.proof(actor(), brought)
    except Broken as broken:
        form.refuse(broken)
        found = queries.proof(actor())
    return page("auditing/proof.html", form=form, found=found, proof=found.proof)


@blueprint.get("/proof/paper")
@may(Act.AUDIT_READ)
def paper() -> Response:
    """The head as of now, to be kept off this machine: later it shows whether the end of the trail was cut."""
    found, reader = queries.proof(actor()).proof, me(actor()).working_name
    mark = PrintMark(_("Head of the trail"), reader, now())
    return print_page("auditing/paper.html", mark, proof=found, back_url=url_for(".proof"))
