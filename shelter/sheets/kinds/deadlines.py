"""Dates of matters from a sheet: each counted by its rule, as the form counts it. A sheet's own day is compared, and
where it differs it stands only with a reason.
"""

from datetime import date

from msgspec.structs import replace
from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.legal.actions.work import Work
from shelter.legal.commands import AddDate
from shelter.legal.models import Due, Matter
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.sheets.kinds import people
from shelter.sheets.kinds.columns import Column, choice, day, past_day, text, yes_no
from shelter.sheets.kinds.matters import open_matters
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.trail.record import Unit

ACT = Act.MATTERS_WRITE
COLUMNS = (
    *WHO,
    Column("matter", choice("matters"), known_as=("matter", "case type", "matter type", "asunto", "tipo")),
    Column("rule", choice("rules"), needed=True, known_as=("rule", "deadline", "deadline type", "plazo", "regla")),
    Column("counted_from", day, needed=True, known_as=("counted from", "trigger date", "notice date", "desde")),
    Column("printed", past_day, known_as=("printed date", "date on notice")),
    Column("mailed", yes_no, known_as=("by mail", "mailed", "por correo")),
    Column("due", day, known_as=("due", "due date", "vence", "fecha limite")),
    Column("why", text(400), known_as=("why", "por que")),
)


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """Which of her matters is meant, and what the rule counts; a day that differs wants a reason."""
    clients = people.find(actor, checked, ACT)
    here: dict[bytes, list[tuple[str, Matter]]] = {}
    for client, kind, matter in open_matters(actor, {row.client for row in checked.sound}):
        here.setdefault(client, []).append((kind, matter))
    seen: dict[tuple[bytes, str, date], int] = {}
    for row in checked.sound:
        try:
            matter = _matter(row, here.get(row.client, []))
            row.more = (matter.id, _command(row, matter))
            work = Work(actor, clients[row.client], matter, Unit(""))
            due, standing = work.count_date(row.more[1]), work.dates().dates
            _require_same_day(row, due.day)
        except Broken as broken:
            checked.refuse(row.number, _COLUMN.get(broken.field or "", broken.field or ""), broken)
            continue
        key = (matter.id, row.values["rule"], row.values["counted_from"])
        if any((one.rule, one.trigger_date) == key[1:] and one.end is None for one in standing):
            checked.doubt(Twin(row.number, "sheets.same_deadline", row.code))
        elif seen.setdefault(key, row.number) != row.number:
            checked.doubt(Twin(row.number, "sheets.same_deadline_row", row.code, seen[key]))


_COLUMN = {"trigger_date": "counted_from", "printed_date": "printed"}


def _matter(row: Row, hers: list[tuple[str, Matter]]) -> Matter:
    wanted = row.values.get("matter")
    found = [matter for kind, matter in hers if wanted in (None, kind)]
    if len(found) != 1:
        raise Broken("sheets.which_matter" if found else "sheets.no_such_matter", field="matter")
    return found[0]


def _command(row: Row, matter: Matter) -> AddDate:
    values = row.values
    printed, mailed = values.get("printed"), values.get("mailed", False)
    return AddDate(row.code, matter.id, values["rule"], values["counted_from"], printed, mailed)


def _require_same_day(row: Row, day_counted: date) -> None:
    told = row.values.get("due")
    if told is not None and told != day_counted and not row.values.get("why"):
        raise Broken("sheets.counted_otherwise", field="due", values={"day": day_counted.isoformat()})


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """Matter by matter, each locked; a date treated as jurisdictional waits for a second look, as always."""
    by_matter: dict[bytes, list[Row]] = {}
    for row in rows:
        by_matter.setdefault(row.more[0], []).append(row)
    made: list[Made] = []
    for matter_id, its in sorted(by_matter.items()):
        client = scope.get(actor, Act.CLIENTS_READ, its[0].client)
        matter = _locked(matter_id)
        with Work.on(actor, client, matter, unit) as work:
            dues = [_as_told(row, work.count_date(row.more[1])) for row in its]
            for due in dues:
                work.add_date(due)
        made += [Made("deadline", matter_id, client.id, [matter.dates_version], one.id.hex()) for one in dues]
    return made


def _as_told(row: Row, due: Due) -> Due:
    """The day of the sheet where it differs and says why."""
    told = row.values.get("due")
    return replace(due, day=told, override=row.values["why"]) if told not in (None, due.day) else due


def _locked(matter_id: bytes) -> Matter:
    query = select(Matter).where(Matter.id == matter_id).with_for_update()
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    """Whoever looked at one of the dates, ended one or added one since."""
    versions = {one.id: one.versions[0] for one in made}
    found: set[bytes] = set()
    for part in chunks(versions):
        rows = db.session.execute(select(Matter.id, Matter.dates_version).where(Matter.id.in_(part)))
        found |= {matter for matter, version in rows if versions[matter] != version}
    return {one.client for one in made if one.id in found}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    """Nobody has looked at them: they go from the matter, from what is shown of it, and from the calendars."""
    by_matter: dict[bytes, set[bytes]] = {}
    for one in made:
        by_matter.setdefault(one.id, set()).add(bytes.fromhex(one.key))
    clients = {one.id: one.client for one in made}
    for matter_id, gone in sorted(by_matter.items()):
        client = db.session.get_one(Client, clients[matter_id])
        with Work.on(actor, client, _locked(matter_id), unit) as work:
            work.drop_dates(gone)
    unit.about(*clients.values())
