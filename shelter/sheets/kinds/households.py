"""Who came together, from a sheet: the rows with one word in common are one household."""

from sqlalchemy import delete, select

from shelter.clients.models import Household, HouseholdMember
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.bulk import insert_many
from shelter.db.keyring import chunks
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.sheets.kinds import people
from shelter.sheets.kinds.columns import Column, text, yes_no
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row
from shelter.sheets.models import Made
from shelter.trail.record import Unit

ACT = Act.CLIENTS_UPDATE
COLUMNS = (
    *WHO,
    Column("household", text(60), needed=True, known_as=("family", "household id", "hogar", "familia", "nucleo")),
    Column("head", yes_no, known_as=("head of household", "jefa de hogar", "cabeza de familia")),
)


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """Nobody is in two households, here or in the file, and a household has one head."""
    people.find(actor, checked, ACT)
    here, seen, heads = _members({row.client for row in checked.sound}), dict[bytes, int](), dict[str, int]()
    for row in checked.sound:
        household = row.values["household"]
        if row.client in here:
            checked.refuse(row.number, "code", Broken("sheets.in_a_household"))
        elif row.client in seen:
            checked.refuse(row.number, "code", Broken("sheets.person_twice", values={"row": seen[row.client]}))
        elif row.values.get("head") and household in heads:
            checked.refuse(row.number, "head", Broken("sheets.two_heads", values={"row": heads[household]}))
        seen.setdefault(row.client, row.number)
        if row.values.get("head"):
            heads.setdefault(household, row.number)


def _members(clients: set[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for part in chunks(clients):
        query = select(HouseholdMember.client_id).where(HouseholdMember.client_id.in_(part))
        found.update(db.session.scalars(query))
    return found


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """Whoever stands first is the head where no row says who is."""
    heads: dict[str, bytes] = {}
    for row in sorted(rows, key=lambda one: not one.values.get("head")):
        heads.setdefault(row.values["household"], row.client)
    ids = {name: new_id() for name in heads}
    members = [(ids[row.values["household"]], row.client, heads[row.values["household"]] == row.client) for row in rows]
    insert_many("household", ("id",), [(one,) for one in ids.values()])
    insert_many("household_member", ("household_id", "client_id", "head"), members)
    return [Made("household_member", household, client, [int(head)]) for household, client, head in members]


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    """Whoever left one of these households since, or came into it."""
    mine = {(one.id, one.client) for one in made}
    now: set[tuple[bytes, bytes]] = set()
    for part in chunks({one.id for one in made}):
        query = select(HouseholdMember.household_id, HouseholdMember.client_id)
        rows = db.session.execute(query.where(HouseholdMember.household_id.in_(part)))
        now.update((household, client) for household, client in rows)
    return {client for _, client in mine ^ now}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    for part in chunks({one.id for one in made}):
        db.session.execute(delete(HouseholdMember).where(HouseholdMember.household_id.in_(part)))
        db.session.execute(delete(Household).where(Household.id.in_(part)))
    unit.about(*(one.client for one in made))
