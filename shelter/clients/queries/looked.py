"""Who has looked at one client's record, day by day, from the trail; and the alerts at the door of a site."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select, true

from shelter.accounts.models import StaffRole
from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import ALERT, Alert, DoorAlert
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import LEGAL_STAFF
from shelter.policy.table import done_only_by
from shelter.rules.oddities import Look as LookAt
from shelter.rules.oddities import Oddity, oddities_of
from shelter.trail.beside import told_by
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import note_read

MOST_LINKS = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """One colleague doing one kind of thing on one day: how often, why it was allowed, and what is odd about it.

    `outside` says that she does not work with the client as things are now.
    """

    who: str
    act: str
    why: str
    times: int
    last: datetime
    odd: tuple[Oddity, ...]
    outside: bool


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    looks: list[Look]


def looked(actor: Actor, code: str) -> list[Day]:
    """The newest days first; within a day what is odd comes first. For those who work with her, each of her own part.

    To caseworkers what legal staff did is left out, even that they opened her record: that there is a matter is hers
    and her advocate's to say. Her advocate sees that, and who was refused legal work, and nothing of casework. The
    auditor sees every look.
    """
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    decision = scope.allowed(actor, Act.LOOKED_SEE, client)
    note_read(actor, Act.LOOKED_SEE, [client.id], decision.clause)
    facts = scope.facts_of(client)
    rows = db.session.execute(
        select(Trail.seq, Trail.at, Trail.actor_id, Trail.act, Trail.clause)
        .join(TrailSubject, TrailSubject.seq == Trail.seq)
        .where(TrailSubject.client_id == client.id, Trail.actor_id.is_not(None), _part(actor, facts))
        .order_by(Trail.seq.desc())
        .limit(MOST_LINKS)
    ).all()
    names = names_of(actor, {row.actor_id for row in rows if row.actor_id})
    told, zone = told_by([row.seq for row in rows]), _zone()
    days: dict[date, dict[tuple[bytes, str], list[LookAt]]] = {}
    for row in rows:
        at = row.at.astimezone(zone)
        one = LookAt(row.act, row.clause, at, about_somebody=True, told=row.seq in told)
        days.setdefault(at.date(), {}).setdefault((row.actor_id or b"", row.act), []).append(one)
    hers = facts.caseworkers | facts.advocates
    return [Day(day, _looks(found, names, hers)) for day, found in sorted(days.items(), reverse=True)]


def _part(actor: Actor, facts: ClientFacts) -> ColumnElement[bool]:
    """The parts of her record of which this reader may give her a copy are those whose looks she sees."""
    case, law = (scope.may_with(actor, act, facts) for act in (Act.CLIENTS_COPY, Act.MATTERS_COPY))
    if case and law:
        return true()
    return _legal_work(facts.client) if law else ~_legal_work(facts.client)


def _legal_work(client: bytes) -> ColumnElement[bool]:
    """What a clause of legal staff allowed, what nobody else may do, and all that has no clause, a list or a refusal,
    of whoever is legal staff now or was when she opened this record.
    """
    acts = [found for act in done_only_by(LEGAL_STAFF) for found in (act.value, f"refused:{act}")]
    clause = or_(*(Trail.clause.startswith(role.value) for role in LEGAL_STAFF))
    hers = select(TrailSubject.seq).where(TrailSubject.client_id == client).correlate(None)
    are = select(StaffRole.staff_id).where(StaffRole.role.in_([role.value for role in LEGAL_STAFF]))
    were = select(Trail.actor_id).where(Trail.seq.in_(hers), clause).correlate(None)
    staff = or_(Trail.actor_id.in_(are), Trail.actor_id.in_(were))
    return or_(clause, Trail.act.in_(acts), and_(Trail.clause == "", staff))


def _zone() -> ZoneInfo:
    agency = the_agency()
    return ZoneInfo(agency.zone if agency else "UTC")


def _looks(found: dict[tuple[bytes, str], list[LookAt]], names: dict[bytes, str], hers: frozenset[bytes]) -> list[Look]:
    looks = [
        Look(
            who=names.get(who, ""),
            act=act,
            why=next((one.clause for one in times if one.clause), ""),
            times=len(times),
            last=max(one.at for one in times),
            odd=tuple(odd for odd in oddities_of(times, people=1, many=1) if odd is not Oddity.OUTSIDE),
            outside=who not in hers,
        )
        for (who, act), times in found.items()
    ]
    return sorted(looks, key=lambda look: (not look.odd, not look.outside, look.who.casefold(), look.act))


@dataclass(frozen=True, slots=True)
class AlertAtDoor:
    """Somebody to recognise at a site, and what to do; nothing says whom it protects."""

    site: str
    description: str
    vehicle: str
    respond: str


def door_alerts(actor: Actor) -> list[AlertAtDoor]:
    """The alerts of the sites where she works."""
    require(actor, Act.DOOR_ALERTS_SEE)
    sites = {site.id: site.code_name for site in db.session.scalars(select(Site).where(Site.id.in_(actor.sites)))}
    rows = list(db.session.scalars(select(DoorAlert).where(DoorAlert.site_id.in_(sites)).order_by(DoorAlert.id)))
    note_read(actor, Act.DOOR_ALERTS_SEE, [])
    opened = open_each(actor, [row_of(row, ALERT) for row in rows], ALERT)
    found = [_alert(sites[row.site_id], value) for row, value in zip(rows, opened.values, strict=True) if value]
    return sorted(found, key=lambda one: (one.site, one.respond != "call_police"))


def _alert(site: str, value: Alert) -> AlertAtDoor:
    return AlertAtDoor(site, value.description, value.vehicle, value.respond)
