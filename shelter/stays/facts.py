"""What reports may know of a stay: at which site, from which month, until which; no bed and no day.

Exact records have its days, nights of agreed leave among them, whether she is the head of those who came together,
and where she went.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from shelter.db import db
from shelter.db.inbox import Coded, emit, stand_ins
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month, place_of, stay_band
from shelter.rules.picklists import picklists
from shelter.stays.models import Leaving, Stay, StayBed

_AT_ONCE = 500
_COLUMNS = (Stay.id, Stay.client_id, Stay.site_id, Stay.party_id, Stay.head, Stay.days_version)


@dataclass(frozen=True, slots=True)
class _Days:
    """A stay as the database has it; one that was taken back has no `arrived`."""

    id: bytes
    client: bytes
    site: bytes
    party: bytes
    head: bool
    version: int
    arrived: date | None
    left: date | None


def changed(actor: Actor, stays: Collection[bytes], kind: str = "") -> None:
    """Tells the ledgers of these stays as the database has them now, in the caller's transaction.

    Exact records of an import come with it; its stays are told to the coarse ledger only. With a leaving that
    was taken back goes where she went.
    """
    ids, found = sorted(stays), list[_Days]()
    for start in range(0, len(ids), _AT_ONCE):
        found += _days_of(ids[start : start + _AT_ONCE])
    emit(actor, [of_stay(one.id, one.client, one.site, one.version, one.arrived, one.left) for one in found])
    if kind == "undone":
        back = [one for one in found if one.left is None]
        emit(actor, [_took_back(one) for one in back])
        emit(actor, [_took_back(one) for one in back], into=Kind.EXACT)
    if kind != "imported":
        named = stand_ins(actor)
        emit(actor, [_exact_of(one, named) for one in found], into=Kind.EXACT)


def left(actor: Actor, stay: Stay, words: Leaving, day: date) -> None:
    """Where she went: by HUD's code for the exact ledger, by its class and the month for the coarse one."""
    hud = next((one.hud for one in picklists()["destinations"].choices if one.code == words.destination), None)
    told = Coded(
        client=stay.client_id,
        table="stay_exit",
        row=stay.id,
        section="leaving",
        origin=Kind.ADVOCACY,
        version=stay.days_version,
        what="leaving",
        values={"stay": stand_ins(actor)(stay.id), "destination": hud or 99},
    )
    emit(actor, [told], into=Kind.EXACT)
    emit(actor, [of_leaving(stay.client_id, stay.id, stay.site_id, day, hud, stay.days_version)])


def away(actor: Actor, stay: Stay, nights: Collection[date], version: int) -> None:
    """Nights of agreed leave, for the exact ledger: they are no nights in a bed."""
    told = Coded(
        client=stay.client_id,
        table="stay",
        row=stay.id,
        section="away",
        origin=Kind.SHELTER,
        version=version,
        what="away",
        values={"stay": stand_ins(actor)(stay.id), "days": " ".join(sorted(day.isoformat() for day in nights))},
    )
    emit(actor, [told], into=Kind.EXACT)


def of_leaving(client: bytes, row: bytes, site: bytes, day: date, destination: int | None, version: int) -> Coded:
    return Coded(
        client=client,
        table="stay_exit",
        row=row,
        section="leaving",
        origin=Kind.ADVOCACY,
        version=version,
        what="leaving",
        values={"site": site.hex(), "from": in_month(day), "until": in_month(day), "place": place_of(destination)},
    )


def _took_back(stay: _Days) -> Coded:
    """The fact that says no more where somebody went."""
    return Coded(
        client=stay.client,
        table="stay_exit",
        row=stay.id,
        section="leaving",
        origin=Kind.ADVOCACY,
        version=stay.version,
        what="leaving",
        values={},
        deleted=True,
    )


def _days_of(ids: list[bytes]) -> list[_Days]:
    """Columns, not objects: what the session holds of a row may be older than what an update wrote."""
    ends = func.max(func.coalesce(StayBed.until_day, date.max))
    rows = db.session.execute(
        select(*_COLUMNS, Stay.state, func.min(StayBed.from_day), ends)
        .outerjoin(StayBed, StayBed.stay_id == Stay.id)
        .where(Stay.id.in_(ids))
        .group_by(*_COLUMNS, Stay.state)
    )
    found = []
    for stay, client, site, party, head, version, state, first, until in rows:
        gone = state == "undone" or first is None
        left = None if gone or until == date.max else until
        found.append(_Days(stay, client, site, party, head, version, None if gone else first, left))
    return found


def _exact_of(stay: _Days, named: Callable[[bytes], str]) -> Coded:
    values: dict[str, str | int] = {}
    if stay.arrived is not None:
        values = {
            "stay": named(stay.id),
            "site": stay.site.hex(),
            "entry": stay.arrived.isoformat(),
            "exit": stay.left.isoformat() if stay.left else "",
            "party": named(stay.party),
            "head": int(stay.head),
        }
    return Coded(
        client=stay.client,
        table="stay",
        row=stay.id,
        section="exact",
        origin=Kind.SHELTER,
        version=stay.version,
        what="days",
        values=values,
        deleted=stay.arrived is None,
    )


def of_stay(stay: bytes, client: bytes, site: bytes, version: int, arrived: date | None, left: date | None) -> Coded:
    """`until` is the month of the last night, "" while it goes on; a stay that was taken back has no `arrived`."""
    return Coded(
        client=client,
        table="stay",
        row=stay,
        section="days",
        origin=Kind.SHELTER,
        version=version,
        what="stay",
        values=_months(site, arrived, left) if arrived else {},
        deleted=arrived is None,
    )


def _months(site: bytes, arrived: date, left: date | None) -> dict[str, str | int]:
    last_night = max(arrived, left - timedelta(days=1)) if left else None
    ended = {"until": in_month(last_night), "stay": stay_band((left - arrived).days)} if left and last_night else {}
    return {"site": site.hex(), "from": in_month(arrived), "until": "", **ended}
