"""Erasings as a steward and a supervisor see them: codes and states, never a name; the certificate of one."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.owed import Owing, owed
from shelter.db.packed import Inbox
from shelter.db.sections import row_of
from shelter.erasing.models import ABOUT, About, Erasure
from shelter.erasing.queries.due import OPEN
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require
from shelter.policy.relations import Relation
from shelter.policy.roles import Role
from shelter.rules import sitetime
from shelter.stewards.backups import KEEP_KEYS
from shelter.trail.record import note_read

MOST = 300


@dataclass(frozen=True, slots=True)
class Listed:
    """One erasing; `about` is None while it is only due by the clock. `mine`: she asked for it herself."""

    id: bytes
    code: str
    state: str
    scope: str
    about: About | None
    names: dict[bytes, str]
    mine: bool
    may_do: bool

    def name(self, staff: bytes) -> str:
        return self.names.get(staff, "")


@dataclass(frozen=True, slots=True)
class Certificate:
    """`opens_nowhere_from` is the day on which the last key store from before is let go; `open_tasks` still wait."""

    listed: Listed
    done_on: date
    opens_nowhere_from: date
    open_tasks: list[str] = field(default_factory=list)
    sites: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait for this reader: files whose time is over, erasings to agree to, erasings to do."""

    due: int = 0
    to_agree: int = 0
    to_do: int = 0

    @property
    def any(self) -> bool:
        return bool(self.due or self.to_agree or self.to_do)


def count_agreed() -> int:
    """Erasings that two people agreed on and nobody has done, for `doctor`. Opens nothing."""
    return db.session.scalar(select(func.count()).select_from(Erasure).where(Erasure.state == "agreed")) or 0


def erasings(actor: Actor) -> list[Listed]:
    """What waits first, then the newest done."""
    require(actor, Act.ERASINGS_SEE)
    rows = [row for row in _rows(actor) if row[0].state != "dropped"]
    note_read(actor, Act.ERASINGS_SEE, {row[0].client_id for row in rows})
    found = _listed(actor, rows[:MOST])
    order = {"agreed": 0, "asked": 1, "due": 2, "done": 3}
    return sorted(found, key=lambda one: (order[one.state], one.code))


def waiting(actor: Actor) -> Waiting:
    """For the first page of whoever acts; counts alone, nothing is opened."""
    if not may_ever(actor, Act.ERASINGS_SEE):
        return Waiting()
    states = select(Erasure.state, func.count()).join(Client, Client.id == Erasure.client_id)
    mine = states.where(scope.scope(actor, Act.ERASINGS_DO)).group_by(Erasure.state)
    counts = {row[0]: row[1] for row in db.session.execute(mine)} if may_ever(actor, Act.ERASINGS_DO) else {}
    asked = select(func.count()).select_from(Erasure).where(Erasure.state == "asked")
    to_agree = db.session.scalar(asked) if may_ever(actor, Act.ERASINGS_AGREE) else 0
    return Waiting(counts.get("due", 0), to_agree or 0, counts.get("agreed", 0))


def reached(actor: Actor, erasure: bytes) -> Erasure:
    """One that she may look at: a steward any, a supervisor those of her sites. Raises Missing."""
    require(actor, Act.ERASINGS_SEE)
    for row, _ in _rows(actor, erasure):
        return row
    raise Missing


def of_client(actor: Actor, client: Client) -> Listed | None:
    """What is open or was done of one person's file, the open one first."""
    query = select(Erasure, Client.code).join(Client, Client.id == Erasure.client_id)
    rows = [(row[0], row[1]) for row in db.session.execute(query.where(Erasure.client_id == client.id))]
    found = [one for one in _listed(actor, rows) if one.state != "dropped"]
    return min(found, key=lambda one: one.state not in OPEN, default=None)


def certificate(actor: Actor, erasure: bytes) -> Certificate:
    """Raises Missing for one that is not done."""
    reached(actor, erasure)
    listed = _listed(actor, _rows(actor, erasure))[0]
    done = listed.about.done if listed.about else None
    if done is None or listed.about is None:
        raise Missing
    row = db.session.get_one(Erasure, erasure)
    note_read(actor, Act.ERASINGS_SEE, [row.client_id])
    agency = the_agency()
    on = sitetime.today(done.at, agency.zone if agency else "UTC")
    sites = db.session.scalars(select(Site.code_name).where(Site.id.in_(done.books)).order_by(Site.code_name))
    return Certificate(listed, on, on + KEEP_KEYS, _open_tasks(listed.about), list(sites))


def _open_tasks(about: About) -> list[str]:
    """Codes of what another's key, or a pair of eyes, is still needed for."""
    done, found = about.done, list[str]()
    if done is None:
        return found
    if done.waits and db.session.scalar(select(Inbox.id).where(Inbox.id.in_(done.waits)).limit(1)):
        found.append("ledgers")
    ids = set(db.session.scalars(select(Client.id).where(Client.code.in_(done.codes))))
    found += [what.value for what in (Owing.RECEIPTS, Owing.NAMES, Owing.FACTS) if ids & set(owed(what))]
    if done.books and not about.books_read_by:
        found.append("books")
    return found


def _rows(actor: Actor, erasure: bytes | None = None) -> list[tuple[Erasure, str]]:
    query = select(Erasure, Client.code).join(Client, Client.id == Erasure.client_id)
    if erasure is not None:
        query = query.where(Erasure.id == erasure)
    if not actor.has(Role.STEWARD):
        query = query.where(Client.site_id.in_(actor.sites), scope.CLAIMS[Relation.NOT_DENIED](actor))
    return [(row[0], row[1]) for row in db.session.execute(query)]


def _listed(actor: Actor, rows: list[tuple[Erasure, str]]) -> list[Listed]:
    opened = open_each(actor, [row_of(row, ABOUT) for row, _ in rows], ABOUT).values
    people = {who for about in opened if about for who in _people(about)}
    names = names_of(actor, people)
    reach = _in_scope(actor, [row.client_id for row, _ in rows])
    return [
        Listed(
            row.id,
            code,
            row.state,
            row.scope,
            about,
            names,
            about is not None and about.asked_by == actor.id,
            row.client_id in reach and not (about and about.agreed_by == actor.id),
        )
        for (row, code), about in zip(rows, opened, strict=True)
    ]


def _people(about: About) -> set[bytes]:
    done = about.done.by if about.done else b""
    return {about.asked_by, about.agreed_by, about.books_read_by, done} - {b""}


def _in_scope(actor: Actor, clients: list[bytes]) -> set[bytes]:
    if not may_ever(actor, Act.ERASINGS_DO):
        return set()
    query = select(Client.id).where(Client.id.in_(clients), scope.scope(actor, Act.ERASINGS_DO))
    return set(db.session.scalars(query))
