"""Services of one person as her reader may see them, and whether a day for one is unusual."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import false, func, or_, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import Event, PersonCard, agency_today, card
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.agency import the_agency
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.keyring import chunks
from shelter.db.sections import Section, row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.policy.kinds import Kind
from shelter.rules import sitetime
from shelter.rules.services.timing import Oddity, oddity
from shelter.services.models import ADVOCACY, LEGAL, SHELTER, Service, ServiceText
from shelter.settings.servicelist import service_list
from shelter.stays.models import Stay, StayBed
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

PAGE = 50
MOST_CHOICES = 300
SECTIONS: dict[Kind, Section[ServiceText]] = {Kind.ADVOCACY: ADVOCACY, Kind.LEGAL: LEGAL, Kind.SHELTER: SHELTER}
READS: dict[Kind, Act] = {Kind.ADVOCACY: Act.PLANS_READ, Kind.LEGAL: Act.MATTERS_READ, Kind.SHELTER: Act.STAYS_READ}
"""Whose words lie in which section: who reads plans reads those of caseworkers, who reads matters those of lawyers,
who reads stays those of the desk.
"""


@dataclass(frozen=True, slots=True)
class Given:
    """One service as shown; `version` is that of its section."""

    id: bytes
    version: int
    text: ServiceText
    by: str


@dataclass(frozen=True, slots=True)
class ServicesView:
    """A page of one person's services, newest first; `older` is the place before which the next page begins."""

    card: PersonCard
    services: tuple[Given, ...]
    older: int | None


def given_to(actor: Actor, code: str, before: int | None = None) -> ServicesView:
    """Raises `Missing` outside her scope. Another discipline's words are not in it, nor that there are any."""
    client, facts = _readable(actor, code)
    found, older = _page(actor, client, before, kinds_of(actor, facts))
    return ServicesView(card(actor, client), tuple(found), older)


def every_service(actor: Actor, code: str, *disciplines: Kind) -> list[Given]:
    """All of these disciplines, page by page, newest first: for a part of her own file.

    Whoever is of several reads several; a part that others are given too tells its own alone.
    """
    client, facts = _readable(actor, code)
    kinds = [kind for kind in kinds_of(actor, facts) if kind in disciplines]
    found, older = _page(actor, client, None, kinds)
    while older is not None:
        more, older = _page(actor, client, older, kinds)
        found += more
    return found


def _page(actor: Actor, client: Client, before: int | None, kinds: Sequence[Kind]) -> tuple[list[Given], int | None]:
    rows = _rows(client, before, PAGE + 1, kinds)
    older = rows[PAGE - 1].place if len(rows) > PAGE else None
    return _views(actor, client, rows[:PAGE], kinds), older


def of_person(actor: Actor, code: str, service_id: bytes) -> tuple[PersonCard, Given]:
    """One service; `Missing` where it is another person's or another discipline's."""
    client, facts = _readable(actor, code)
    row = db.session.get(Service, service_id)
    if row is None or row.client_id != client.id:
        raise Missing
    views = _views(actor, client, [row], kinds_of(actor, facts))
    if not views:
        raise Missing
    return card(actor, client), views[0]


def events(actor: Actor, client: Client) -> list[Event]:
    """The newest fifty for the timeline, titled with the code of the service; nothing for who may not read services."""
    facts = scope.facts_of(client)
    decision = decide(actor, Act.SERVICES_READ, facts)
    if not decision.allowed:
        return []
    note_read(actor, Act.SERVICES_READ, [client.id], decision.clause)
    kinds = kinds_of(actor, facts)
    rows = _rows(client, None, PAGE, kinds)
    shown = [one for one in _views(actor, client, rows, kinds) if one.text.taken_back is None]
    return [Event(one.text.at, one.text.what, "", one.by, one.text.words) for one in shown]


def last_given(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, date]:
    """The day of the newest service of each that caseworkers gave; the newest two are looked at."""
    places = func.row_number().over(partition_by=Service.client_id, order_by=Service.place.desc())
    here = Service.client_id.in_(clients) & Service.advocacy.is_not(None)
    ranked = select(Service.id, places.label("rank")).where(here).subquery()
    query = select(Service).join(ranked, ranked.c.id == Service.id).where(ranked.c.rank <= 2)
    rows = db.session.scalars(query).all()
    found: dict[bytes, date] = {}
    for row, text in zip(rows, open_each(actor, [row_of(row, ADVOCACY) for row in rows], ADVOCACY).values, strict=True):
        if text and text.taken_back is None:
            found[row.client_id] = max(text.on, found.get(row.client_id, date.min))
    return found


def my_choices(actor: Actor) -> list[tuple[str, str]]:
    """(code, what to call her) of the people she works with or covers for, by name; others are named by their code."""
    mine = select(Assignment.client_id).where(Assignment.staff_id.in_(actor.covers | {actor.id}))
    query = select(Client).where(Client.id.in_(mine), Client.state == "open", scope.scope(actor, Act.SERVICES_WRITE))
    people = list(db.session.scalars(query.order_by(Client.code).limit(MOST_CHOICES)))
    note_read(actor, Act.CLIENTS_READ, [one.id for one in people])
    known = identities(actor, people)
    called = [(one.code, known[one.id].working_name if one.id in known else "") for one in people]
    return sorted(called, key=lambda pair: (pair[1] == "", pair[1].casefold(), pair[0]))


def kinds_of(actor: Actor, facts: ClientFacts) -> tuple[Kind, ...]:
    """The disciplines whose words of this person she may read."""
    return tuple(kind for kind, act in READS.items() if scope.may_with(actor, act, facts))


def disciplines_of(actor: Actor, facts: ClientFacts) -> tuple[Kind, ...]:
    """Those in which she works with this person herself: the desk writes by a page of its own."""
    return tuple(kind for kind in kinds_of(actor, facts) if kind is not Kind.SHELTER)


def kind_among(kinds: Sequence[Kind], what: str) -> Kind:
    """Of the disciplines of somebody who enters a service, the one where its words belong."""
    wanted = Kind.LEGAL if service_list().services[what].legal else Kind.ADVOCACY
    return wanted if wanted in kinds else kinds[0]


def oddities(clients: Sequence[Client], day: date) -> dict[bytes, Oddity]:
    """Whether the day of a service is unusual, for each of these people: stay days and the first day we knew her."""
    ids = [one.id for one in clients]
    odd = days_known(ids)
    return {one: odd(one, day) for one in ids}


def days_known(ids: Collection[bytes]) -> Callable[[bytes, date], Oddity]:
    """How unusual a day is for one of these clients: asked once for all of them, answered for any day."""
    today, begun = agency_today(), dict[bytes, date]()
    stays: dict[bytes, list[tuple[date, date | None]]] = {}
    for part in chunks(ids):
        rows = db.session.execute(
            select(Stay.client_id, StayBed.from_day, StayBed.until_day)
            .join(StayBed, StayBed.stay_id == Stay.id)
            .where(Stay.client_id.in_(part), Stay.state != "undone")
        )
        for client_id, first, until in rows:
            stays.setdefault(client_id, []).append((first, until))
        begun |= _first_known(part)
    return lambda client, day: oddity(day, today, begun.get(client), stays.get(client, []))


def _first_known(ids: Sequence[bytes]) -> dict[bytes, date]:
    """The day on which each record was begun here, as the trail has it; an import's people were known before."""
    rows = db.session.execute(
        select(TrailSubject.client_id, func.min(Trail.at))
        .join(Trail, Trail.seq == TrailSubject.seq)
        .where(TrailSubject.client_id.in_(ids), Trail.act == Act.CLIENTS_CREATE)
        .group_by(TrailSubject.client_id)
    )
    return {client_id: _day(at) for client_id, at in rows}


def _day(at: datetime) -> date:
    agency = the_agency()
    return sitetime.today(at, agency.zone if agency else "UTC")


def _readable(actor: Actor, code: str) -> tuple[Client, ClientFacts]:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.SERVICES_READ)
    facts = scope.facts_of(client)
    note_read(actor, Act.SERVICES_READ, [client.id], scope.allowed(actor, Act.SERVICES_READ, client).clause)
    return client, facts


def _rows(client: Client, before: int | None, most: int, kinds: Sequence[Kind]) -> Sequence[Service]:
    """Those with words of these disciplines: a page is not made short by what its reader may not see."""
    filled = (getattr(Service, kind.value).is_not(None) for kind in kinds)
    query = select(Service).where(Service.client_id == client.id, or_(false(), *filled))
    if before is not None:
        query = query.where(Service.place < before)
    return db.session.scalars(query.order_by(Service.place.desc()).limit(most)).all()


def _views(actor: Actor, client: Client, rows: Sequence[Service], kinds: Sequence[Kind]) -> list[Given]:
    found: list[tuple[Service, int, ServiceText]] = []
    for kind in kinds:
        section = SECTIONS[kind]
        sealed = [row_of(row, section) for row in rows]
        opened = open_each(actor, sealed, section)
        pairs: Any = zip(rows, sealed, opened.values, strict=True)
        found += [(row, place.version, text) for row, place, text in pairs if text is not None]
    found.sort(key=lambda one: one[0].place, reverse=True)
    names = names_of(actor, {text.by for _, _, text in found})
    return [Given(row.id, version, text, names.get(text.by, "")) for row, version, text in found]
