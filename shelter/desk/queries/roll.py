"""The roll of a night: everybody who has a bed, what was seen of her, and the steps for who is not back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.keyring import chunks
from shelter.db.sections import SealedRow
from shelter.desk.models import MARK, Mark, RollMark
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.rules.desk import MissingStep, missing_steps, roll_limits
from shelter.rules.rollcall import Seen, away_since, in_order, seen_now
from shelter.rules.sitetime import local_to_utc
from shelter.stays.models import ROOM, Stay
from shelter.stays.queries import SiteNight, Sleeper, board, register_seen, sites_now

_NO_HOUR = time(22)
"""Where she said no hour, she is expected by this one."""


@dataclass(frozen=True, slots=True)
class RollStep:
    """A step for somebody who is not back, due at a moment; `by` and `at` once it was taken."""

    step: MissingStep
    due: datetime
    passed: bool
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Late:
    """Since when she is missing, and whether that is an agreed return; with the steps in their order."""

    since: datetime
    agreed: bool
    steps: tuple[RollStep, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line."""

    sleeper: Sleeper
    place: str
    seen: Seen = Seen.OPEN
    by: str = ""
    at: datetime | None = None
    late: Late | None = None

    @property
    def code(self) -> str:
        return self.sleeper.code


@dataclass(frozen=True, slots=True)
class RollSite:
    """A site's roll, who is still open first. `hidden` counts beds of people the reader may not see."""

    id: bytes
    code_name: str
    night: date
    tonight: bool
    rows: list[Row] = field(default_factory=list)
    hidden: int = 0

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return sum(row.seen.settled for row in self.rows)


def roll(actor: Actor, night: date | None = None) -> list[RollSite]:
    """The rolls of the sites where she works. The board notes whose cards were read."""
    nights = board(actor, night)
    people = [(site, sleeper, place) for site in nights for sleeper, place in _sleepers(site)]
    ids = _ids([sleeper.code for _, sleeper, _ in people])
    marks = _marks(actor, {(ids[sleeper.code], site.day) for site, sleeper, _ in people})
    names = names_of(actor, {tick.by for mark in marks.values() for tick in mark.ticks})
    found = {site.id: RollSite(site.id, site.code_name, site.day, site.tonight, [], _hidden(site)) for site in nights}
    for site, sleeper, place in people:
        mark = marks.get((ids[sleeper.code], site.day), Mark())
        late = _late(actor, ids[sleeper.code], site, sleeper) if seen_now(mark.ticks) is Seen.AWAY else None
        found[site.id].rows.append(_row(sleeper, place, mark, names, late))
    for one in found.values():
        one.rows.sort(key=lambda row: (row.seen.settled and row.late is None, row.late is not None))
    return list(found.values())


def require_in_reach(actor: Actor, code: str) -> None:
    """`Missing` for somebody the reader may not see, before anything that was sent about her is looked at."""
    scope.visible(actor, code, Act.STAYS_READ, Act.ROLL_TAKE)


def _sleepers(site: SiteNight) -> Iterable[tuple[Sleeper, str]]:
    for bed in site.beds:
        if bed.sleeper:
            yield bed.sleeper, f"{bed.room}, {bed.label}"
    yield from ((sleeper, "") for sleeper in site.without_bed)


def _hidden(site: SiteNight) -> int:
    beds = sum(bed.state in ("taken", "leave") and bed.sleeper is None for bed in site.beds)
    return beds + site.unassigned - len(site.without_bed)


def _ids(codes: Sequence[str]) -> dict[str, bytes]:
    rows = db.session.execute(select(Client.code, Client.id).where(Client.code.in_(codes)))
    return {row.code: row.id for row in rows}


def _marks(actor: Actor, wanted: set[tuple[bytes, date]]) -> dict[tuple[bytes, date], Mark]:
    """The marks of these people on these nights; a seal that does not hold is written down."""
    rows = []
    for part in chunks(sorted({client for client, _ in wanted})):
        query = select(RollMark).where(RollMark.client_id.in_(part), RollMark.night.in_({night for _, night in wanted}))
        rows += [row for row in db.session.scalars(query) if (row.client_id, row.night) in wanted]
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.mark_version, row.mark) for row in rows]
    opened = open_each(actor, sealed, MARK)
    return {(row.client_id, row.night): mark for row, mark in zip(rows, opened.values, strict=True) if mark}


def nights_here(actor: Actor, client: Client) -> frozenset[date]:
    """The nights on which the roll says that she was here. A part of her stays, whose reader has been let near."""
    rows = list(db.session.scalars(select(RollMark).where(RollMark.client_id == client.id)))
    sealed = [SealedRow(row.id, client_subject(client.id), row.mark_version, row.mark) for row in rows]
    opened = zip(rows, open_each(actor, sealed, MARK).values, strict=True)
    return frozenset(row.night for row, mark in opened if mark and seen_now(mark.ticks) is Seen.HERE)


register_seen(nights_here)


def _row(sleeper: Sleeper, place: str, mark: Mark, names: dict[bytes, str], late: Late | None) -> Row:
    ordered = in_order(mark.ticks)
    last = ordered[-1] if ordered else None
    by = next((tick.by for tick in reversed(mark.ticks) if last and tick.at == last.at), b"")
    return Row(sleeper, place, seen_now(mark.ticks), names.get(by, ""), last.at if last else None, late)


# -- who is not back -------------------------------------------------------------------


def _late(actor: Actor, client_id: bytes, site: SiteNight, sleeper: Sleeper) -> Late | None:
    """The steps for one who is away, from the marks of the last two weeks and the return she agreed to."""
    at, back = now(), timedelta(days=1)
    nights = {site.day - back * n for n in range(roll_limits().nights_back)}
    marks = _marks(actor, {(client_id, night) for night in nights})
    returns = _agreed_returns(actor, sleeper.stay_id, client_id, site)
    since = away_since([tick for mark in marks.values() for tick in mark.ticks], returns, at)
    if since is None:
        return None
    taken = {one.step: one for mark in marks.values() for one in mark.steps if one.at >= since}
    names = names_of(actor, {one.by for one in taken.values()})
    steps = []
    for code, step in missing_steps().items():
        done = taken.get(code)
        passed = step.due(since) <= at
        by, when = (names.get(done.by, ""), done.at) if done else ("", None)
        steps.append(RollStep(step, step.due(since), passed, by, when))
    return Late(since, since in returns, tuple(steps))


def _agreed_returns(actor: Actor, stay_id: bytes, client_id: bytes, site: SiteNight) -> list[datetime]:
    """The moments at which she said she would be back from nights away."""
    stay = db.session.get_one(Stay, stay_id)
    sealed = SealedRow(stay.id, client_subject(client_id), stay.room_version, stay.room)
    room = open_each(actor, [sealed], ROOM).values[0]
    zone = next(one.zone for one in sites_now([site.id]))
    away = room.away if room else []
    return [local_to_utc(datetime.combine(one.back_day, one.back_by or _NO_HOUR), zone) for one in away]
