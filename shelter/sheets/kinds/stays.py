"""Stays from a sheet: in the unassigned bed, told to both ledgers, with where she went if the sheet says it."""

from datetime import date

from sqlalchemy import select

from shelter.clients.models import HouseholdMember
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.keyring import chunks
from shelter.db.sections import fill
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.staydays import require_order
from shelter.sheets.kinds import people, traces
from shelter.sheets.kinds.columns import Column, choice, past_day, site
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.stays import changes, facts
from shelter.stays.changes import ImportedStay
from shelter.stays.models import LEAVING, Leaving, Stay, StayBed, StayExit
from shelter.trail.record import Unit

ACT = Act.STAYS_WRITE
COLUMNS = (
    *WHO,
    Column("site", site, known_as=("site", "house", "casa", "location", "program", "programa")),
    Column(
        "arrived",
        past_day,
        needed=True,
        known_as=(
            "arrived",
            "entry date",
            "check in",
            "start date",
            "move in",
            "llegada",
            "entrada",
            "fecha de ingreso",
        ),
    ),
    Column(
        "left",
        past_day,
        known_as=("left", "exit date", "check out", "end date", "move out", "salida", "fecha de salida"),
    ),
    Column("destination", choice("destinations"), known_as=("destination", "destino")),
)
_Days = tuple[date, date | None, bytes]


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """Nobody sleeps in two places on one night, here or in the file; the very same stay is a repetition."""
    people.find(actor, checked, ACT)
    here = _held({row.client for row in checked.sound})
    for row in checked.sound:
        row.values.setdefault("site", home)
        arrived, left = row.values["arrived"], row.values.get("left")
        days = (arrived, left, row.values["site"])
        try:
            if left is not None:
                require_order(arrived, left, "stays.exit_before_entry", "left")
            elif "destination" in row.values:
                raise Broken("sheets.left_is_needed", field="left")
        except Broken as broken:
            checked.refuse(row.number, broken.field or "", broken)
            continue
        hers = here.setdefault(row.client, {})
        if days in hers:
            checked.doubt(Twin(row.number, "sheets.same_stay", row.code, hers[days]))
        elif other := next((one for one in hers if _overlap(one, days)), None):
            checked.refuse(row.number, "arrived", _twice(hers[other]))
        else:
            hers[days] = row.number


def _twice(row: int) -> Broken:
    return Broken("sheets.stays_overlap", values={"row": row}) if row else Broken("sheets.stays_here")


def _overlap(one: _Days, other: _Days) -> bool:
    """A day of leaving is the next day of arriving; who came and left on one day slept nowhere."""
    first, until = max(one[0], other[0]), min(one[1] or date.max, other[1] or date.max)
    return first < until


def _held(clients: set[bytes]) -> dict[bytes, dict[_Days, int]]:
    """Their stays here by days, with 0 for the row of the file."""
    found: dict[bytes, dict[_Days, int]] = {}
    for part in chunks(clients):
        rows = db.session.execute(
            select(Stay.client_id, StayBed.from_day, StayBed.until_day, Stay.site_id)
            .join(StayBed, StayBed.stay_id == Stay.id)
            .where(Stay.client_id.in_(part), Stay.state != "undone")
        )
        for client, first, until, at in rows:
            found.setdefault(client, {})[first, until, at] = 0
    return found


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """Those of one household who arrive together at one house are one party, with its head."""
    households = _households({row.client for row in rows})
    parties: dict[tuple[bytes, bytes, date], bytes] = {}
    stays = []
    for row in rows:
        household, head = households.get(row.client, (row.client, True))
        key = (household, row.values["site"], row.values["arrived"])
        party = parties.setdefault(key, new_id())
        days = (row.values["arrived"], row.values.get("left"))
        stays.append(ImportedStay(row.client, row.values["site"], *days, party=party, head=head))
    ids = changes.put_down(actor, stays, "brought")
    for stay_id, row in zip(ids, rows, strict=True):
        if "destination" in row.values:
            _leave(actor, stay_id, row)
    return [Made("stay", stay_id, row.client, [1, 0]) for stay_id, row in zip(ids, rows, strict=True)]


def _households(clients: set[bytes]) -> dict[bytes, tuple[bytes, bool]]:
    found: dict[bytes, tuple[bytes, bool]] = {}
    for part in chunks(clients):
        query = select(HouseholdMember.client_id, HouseholdMember.household_id, HouseholdMember.head)
        for client, household, head in db.session.execute(query.where(HouseholdMember.client_id.in_(part))):
            found[client] = (household, head)
    return found


def _leave(actor: Actor, stay_id: bytes, row: Row) -> None:
    words = Leaving(destination=row.values["destination"])
    kept = StayExit(stay_id=stay_id, client_id=row.client)
    fill(actor, kept, LEAVING, words)
    db.session.add(kept)
    facts.left(actor, db.session.get_one(Stay, stay_id), words, row.values["left"])


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    found: set[bytes] = set()
    exits: dict[bytes, int] = {}
    for part in chunks(one.id for one in made):
        for stay in db.session.scalars(select(Stay).where(Stay.id.in_(part))):
            if (stay.days_version, stay.room_version) != (1, 0):
                found.add(stay.id)
        for stay_id in db.session.scalars(select(StayExit.stay_id).where(StayExit.stay_id.in_(part))):
            exits[stay_id] = exits.get(stay_id, 0) + 1
    found |= {stay for stay, count in exits.items() if count > 1}
    found |= traces.referred("stay", (one.id for one in made), but=frozenset({"stay_bed", "stay_exit"}))
    return {one.client for one in made if one.id in found}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    changes.take_up(actor, [(one.id, one.client) for one in made])
    unit.about(*(one.client for one in made))
