"""A source tells the ledgers anew all that it has to say: what stands in its records now, nothing left out.

Whoever holds its compartment opens every record of it; one that does not open stops the telling. The features say
what they would say of a change; the count closes it, and whoever folds replaces what was told before only by all of it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, TypeVar

import msgspec
from sqlalchemy import func, select

from shelter.clients import facts as client_facts
from shelter.clients.models import HAPPENED, HERSELF, IDENTITY, Client, ClientCoded, Merge
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.aside import StagedRow
from shelter.db.errors import Spoiled
from shelter.db.inbox import emit, gathering, say_same, tell_anew
from shelter.db.sections import Section, open_rows, row_of
from shelter.desk import facts as desk_facts
from shelter.desk.models.requests import TURNED_AWAY, RequestTurnedAway
from shelter.documents import facts as paper_facts
from shelter.documents.models import PAPER_TEXT, Paper
from shelter.exchange import again
from shelter.legal import facts as legal_facts
from shelter.legal.models.matter import TEXT as MATTER_TEXT
from shelter.legal.models.matter import Matter
from shelter.plans import facts as plan_facts
from shelter.plans.models.episodes import EPISODE, Episode
from shelter.plans.models.goals import GOAL_TEXT, Goal
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.reports.folding import one_at_a_time
from shelter.reports.runs import OUTLIVE
from shelter.rules import sitetime
from shelter.rules.staydays import each_day
from shelter.services import facts as service_facts
from shelter.services.models import ADVOCACY, COUNT, LEGAL, MONEY, SHELTER, Assistance, NobodysCount, Service
from shelter.stays import facts as stay_facts
from shelter.stays.models import LEAVING, ROOM, Stay, StayBed, StayExit
from shelter.trail.record import recorded

Said = TypeVar("Said", bound=msgspec.Struct)
_PORTION = 500


def tell(actor: Actor, origin: Kind, *, gives_up: bool = False) -> dict[Kind, int]:
    """How many facts each ledger was told. Raises Denied, `NoKey`, or `Spoiled` where a record does not open.

    The days of a bed outlive whose they were; of who was erased nothing is told, nor of an import under way. `gives_up`
    is for counts of records that are no more and that lay in a part that is lost: without it such a part is not
    replaced (`runs.Run`).
    """
    with recorded(actor, Act.LEDGER_TELL) as unit:
        require(actor, Act.LEDGER_TELL)
        one_at_a_time()
        hidden = _hidden()
        with gathering() as gathered:
            for teller in _TELLERS[origin]:
                teller(actor)
        hidden |= _hidden()
        gathered = [(into, one) for into, one in gathered if one.client not in hidden]
        told: dict[Kind, int] = {}
        for ledger, kinds in _KINDS[origin].items():
            coded = [one for into, one in gathered if into is ledger and one.origin is origin]
            replaced, over = [one for one in kinds if one not in OUTLIVE], [one for one in kinds if one in OUTLIVE]
            tell_anew(actor, origin, coded, kinds=replaced, laid_over=over, into=ledger, gives_up=gives_up)
            told[ledger] = len(coded)
        unit.detail = {"report": origin.value}
    return told


def _hidden() -> frozenset[bytes]:
    """Who was erased, and what an import has written that nobody may see: once it is shown, it tells that itself."""
    erased, staged = select(Client.id).where(Client.state == "erased"), select(StagedRow.row_id)
    return frozenset((*db.session.scalars(erased), *db.session.scalars(staged)))


def _each(actor: Actor, model: type[Any], section: Section[Said]) -> Iterator[tuple[Any, Said]]:
    """Every row that has a section, with what it says."""
    after = b""
    while True:
        query = select(model).where(model.id > after, getattr(model, section.name).is_not(None)).order_by(model.id)
        rows = list(db.session.scalars(query.limit(_PORTION)))
        for row, said in zip(rows, open_rows(actor, [row_of(row, section) for row in rows], section), strict=True):
            if said is None:
                raise Spoiled
            yield row, said
        if len(rows) < _PORTION:
            return
        after = rows[-1].id


def _client(row: Any) -> Client:
    return db.session.get_one(Client, row.client_id)


# -- identity -------------------------------------------------------------------


def _people(actor: Actor) -> None:
    is_as_brought = again.is_as_brought(actor)
    told = [(row.id, row.identity_version, said) for row, said in _each(actor, Client, IDENTITY)]
    client_facts.coarse_of_many(actor, [one for one in told if is_as_brought(*one)])
    client_facts.changed_many(actor, [one for one in told if not is_as_brought(*one)])


def _themselves(actor: Actor) -> None:
    for row, said in _each(actor, ClientCoded, HERSELF):
        client_facts.herself(actor, _client(row), row, said)


def _joined(actor: Actor) -> None:
    for merge in db.session.scalars(select(Merge)):
        say_same(actor, merge.gone_id, merge.kept_id, (merge.id, 1))


# -- advocacy, legal work, papers ------------------------------------------------


def _happened(actor: Actor) -> None:
    for row, said in _each(actor, ClientCoded, HAPPENED):
        client_facts.happened(actor, _client(row), row, said)


def _goals(actor: Actor) -> None:
    """Of one that is not reached, that it is not: an older word may say so in a part that opens."""
    emit(actor, [plan_facts.of_goal(_client(row), row, text) for row, text in _each(actor, Goal, GOAL_TEXT)])


def _closings(actor: Actor) -> None:
    agency = the_agency()
    zone = agency.zone if agency else "UTC"
    for row, text in _each(actor, Episode, EPISODE):
        plan_facts.closed(actor, _client(row), row, text)
        if text.reopened_at is not None:
            plan_facts.reopened(actor, _client(row), row, sitetime.today(text.reopened_at, zone))


def _money(actor: Actor) -> None:
    for row, text in _each(actor, Assistance, MONEY):
        if text.state == "paid":
            service_facts.paid(actor, _client(row), row, text)


def _leavings(actor: Actor) -> None:
    for row, words in _each(actor, StayExit, LEAVING):
        last = db.session.scalar(select(func.max(StayBed.until_day)).where(StayBed.stay_id == row.stay_id))
        stay = db.session.get_one(Stay, row.stay_id)
        if stay.state == "ended" and last is not None:
            stay_facts.left(actor, stay, words, last)


def _matters(actor: Actor) -> None:
    for row, text in _each(actor, Matter, MATTER_TEXT):
        legal_facts.changed(actor, _client(row), row, text)


def _papers(actor: Actor) -> None:
    for row, text in _each(actor, Paper, PAPER_TEXT):
        paper_facts.changed(actor, _client(row), row, None, text)


def _services(section: Section[Any], origin: Kind) -> Callable[[Actor], None]:
    def tell_services(actor: Actor) -> None:
        service_facts.given(actor, [(_client(row), row, origin, text) for row, text in _each(actor, Service, section)])

    return tell_services


# -- shelter ------------------------------------------------------------------------


def _stays(actor: Actor) -> None:
    """Of one that an import laid down, and nobody has changed since, the exact days are those of its enrollment."""
    laid = again.nights(actor)
    days: dict[bytes, list[tuple[bytes, bytes, date, date | None]]] = {}
    query = select(Stay.id, Stay.client_id, Stay.site_id, StayBed.from_day, StayBed.until_day, StayBed.bed_number)
    for stay, client, site, start, end, bed in db.session.execute(query.join(StayBed, StayBed.stay_id == Stay.id)):
        days.setdefault(stay, []).append((client, b"" if bed is not None else site, start, end))
    imported = {stay for stay, told in days.items() if len(told) == 1 and told[0] in laid}
    stay_facts.changed(actor, imported, "imported")
    stay_facts.changed(actor, set(db.session.scalars(select(Stay.id))) - imported)


def _away(actor: Actor) -> None:
    for stay, room in _each(actor, Stay, ROOM):
        nights = [day for one in room.away for day in each_day(one.from_day, one.back_day)]
        stay_facts.away(actor, stay, nights, stay.room_version)


def _counts(actor: Actor) -> None:
    for row, text in _each(actor, NobodysCount, COUNT):
        service_facts.counted(actor, row, text)


def _turned_away(actor: Actor) -> None:
    for row, value in _each(actor, RequestTurnedAway, TURNED_AWAY):
        desk_facts.turned_away(actor, row, value)


_TELLERS: dict[Kind, tuple[Callable[[Actor], None], ...]] = {
    Kind.IDENTITY: (_people, _themselves, _joined),
    Kind.ADVOCACY: (
        *(_happened, _services(ADVOCACY, Kind.ADVOCACY), _goals, _closings, _money, _leavings),
        again.brought,
    ),
    Kind.SHELTER: (_stays, _away, _counts, _turned_away, _services(SHELTER, Kind.SHELTER)),
    Kind.LEGAL: (_matters, _services(LEGAL, Kind.LEGAL)),
    Kind.DOCUMENTS: (_papers,),
}
_KINDS: dict[Kind, dict[Kind, tuple[str, ...]]] = {
    Kind.IDENTITY: {Kind.FACTS: ("person", "herself", "same"), Kind.EXACT: ("identity", "same")},
    Kind.ADVOCACY: {
        Kind.FACTS: ("happened", "service", "goal", "closing", "money", "leaving", "demographics"),
        Kind.EXACT: ("service", "closing", "opening", "leaving", "project", "person", "enrollment"),
    },
    Kind.SHELTER: {
        Kind.FACTS: ("stay", "count", "turned_away", "service"),
        Kind.EXACT: ("days", "away", "service"),
    },
    Kind.LEGAL: {Kind.FACTS: ("matter", "service"), Kind.EXACT: ("service",)},
    Kind.DOCUMENTS: {Kind.FACTS: ("paper",)},
}
"""What is replaced by what is told anew: everything that a source ever says."""
ORIGINS = tuple(_TELLERS)


def has_outlived(origin: Kind) -> bool:
    """Whether it tells counts that may outlive their records (`runs.OUTLIVE`)."""
    return any(OUTLIVE & set(kinds) for kinds in _KINDS[origin].values())
