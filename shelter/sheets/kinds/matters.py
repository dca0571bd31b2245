"""Legal matters from a sheet, into the legal compartment alone: opened as the form opens them, the other side compared
with everybody who is served.
"""

from sqlalchemy import delete, select

from shelter.clients.models import Assignment, Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.keyring import chunks
from shelter.db.sections import open_section, row_of
from shelter.legal import facts, team
from shelter.legal.actions.matter import Opening
from shelter.legal.commands import OpenMatter
from shelter.legal.models import DATES, TEXT, Matter
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.sheets.kinds import people, traces
from shelter.sheets.kinds.columns import Column, a_number, choice, folded, past_day, several, text
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.trail.record import Unit

ACT = Act.MATTERS_OPEN
MOST = 500
COLUMNS = (
    *WHO,
    Column("matter", choice("matters"), needed=True, known_as=("matter", "case type", "matter type", "asunto", "tipo")),
    Column("opened", past_day, needed=True, known_as=("opened", "open since", "open date", "abierto", "apertura")),
    Column("lead", text(80), known_as=("advocate", "attorney", "lead", "abogada", "abogado")),
    Column("scope", text(4000), known_as=("scope", "description", "alcance")),
    Column("adverse", several(20), known_as=("adverse parties", "adverse party", "opposing party", "otra parte")),
    Column("cleared", text(400), known_as=("conflict cleared",)),
    Column("a_number", a_number, known_as=("a number", "alien number", "numero a")),
)


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """Who answers for it is looked for by name; a party that is near to somebody served wants a word of why not."""
    clients = people.find(actor, checked, ACT)
    here = {(client, kind) for client, kind, _ in open_matters(actor, {row.client for row in checked.sound})}
    for row in checked.sound:
        try:
            row.more = _command(actor, row)
            Opening(actor, clients[row.client], row.more).text()
        except Broken as broken:
            checked.refuse(row.number, _COLUMN.get(broken.field or "", broken.field or ""), broken)
            continue
        key = (row.client, row.values["matter"])
        if key in here:
            checked.doubt(Twin(row.number, "sheets.same_matter", row.code))
        here.add(key)


_COLUMN = {"opened_on": "opened", "type": "matter"}


def _command(actor: Actor, row: Row) -> OpenMatter:
    values = row.values
    return OpenMatter(
        code=row.code,
        type=values["matter"],
        opened_on=values["opened"],
        lead=_lead(actor, row),
        scope=values.get("scope", ""),
        adverse=values.get("adverse", ()),
        a_number=values.get("a_number", ""),
        cleared=values.get("cleared", ""),
    )


def _lead(actor: Actor, row: Row) -> bytes | None:
    named = row.values.get("lead")
    if not named:
        return None
    known = {folded(one.working_name): one.id for one in team.possible_leads(actor, row.client)}
    if folded(named) not in known:
        raise Broken("sheets.no_such_advocate", field="lead")
    return known[folded(named)]


def open_matters(actor: Actor, clients: set[bytes]) -> list[tuple[bytes, str, Matter]]:
    """(client, type, row) of every matter of these."""
    found: list[tuple[bytes, str, Matter]] = []
    for part in chunks(clients):
        rows = db.session.scalars(select(Matter).where(Matter.client_id.in_(part))).all()
        opened = open_each(actor, [row_of(row, TEXT) for row in rows], TEXT).values
        found += [(row.client_id, text.type, row) for row, text in zip(rows, opened, strict=True) if text]
    return found


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """What was made of an assignment is kept as well: whoever was given to her by this sheet goes with it."""
    ids = {row.client for row in rows}
    before = set(_advocates(ids))
    found = (db.session.scalars(select(Client).where(Client.id.in_(part))) for part in chunks(ids))
    clients = {one.id: one for part in found for one in part}
    made = []
    for row in rows:
        matter = Opening(actor, clients[row.client], row.more).put()
        made.append(Made("matter", matter.id, row.client, [1, 1]))
    db.session.flush()
    given = set(_advocates(ids)) - before
    return [*made, *(Made("assignment", staff, client, []) for client, staff in sorted(given))]


def _advocates(clients: set[bytes]) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    for part in chunks(clients):
        query = select(Assignment.client_id, Assignment.staff_id)
        rows = db.session.execute(query.where(Assignment.client_id.in_(part), Assignment.kind == "legal"))
        found += [(client, staff) for client, staff in rows]
    return found


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    ids = [one.id for one in made if one.table == "matter"]
    found = traces.referred("matter", ids)
    for part in chunks(ids):
        for matter in db.session.scalars(select(Matter).where(Matter.id.in_(part))):
            dates = open_section(actor, matter, DATES)
            if (matter.text_version, matter.papers_version) != (1, 1) or (dates and dates.dates):
                found.add(matter.id)
    return {one.client for one in made if one.id in found}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    matters = [one for one in made if one.table == "matter"]
    facts.gone(actor, [(one.client, one.id) for one in matters])
    for part in chunks(one.id for one in matters):
        db.session.execute(delete(Matter).where(Matter.id.in_(part)).execution_options(synchronize_session=False))
    for one in made:
        if one.table == "assignment":
            hers = (Assignment.client_id == one.client, Assignment.staff_id == one.id, Assignment.kind == "legal")
            db.session.execute(delete(Assignment).where(*hers))
    unit.about(*(one.client for one in matters))
