"""Papers from a sheet: what she has, who holds it, until when it is valid; no scan comes this way."""

from sqlalchemy import delete, select

from shelter.clients.models import Client
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.keyring import chunks
from shelter.db.sections import row_of
from shelter.documents import facts
from shelter.documents.actions import packs
from shelter.documents.actions.papers import NewPaper, PaperFacts
from shelter.documents.actions.work import Work
from shelter.documents.known import Known
from shelter.documents.models import PAPER_TEXT, Paper
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.sheets.kinds import people, traces
from shelter.sheets.kinds.columns import Column, choice, partial_day, text
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.trail.record import Unit

ACT = Act.PAPERS_WRITE
MOST = 5_000
COLUMNS = (
    *WHO,
    Column("paper", choice("papers"), needed=True, known_as=("paper", "document", "document type", "documento")),
    Column("country", choice("countries"), known_as=("country", "issued by", "issuing country", "pais")),
    Column("paper_number", text(60), known_as=("document number", "paper number", "passport number")),
    Column("printed_name", text(200), known_as=("printed name", "name on document")),
    Column("issued", partial_day, known_as=("issued", "issue date", "issued on", "fecha de emision")),
    Column("expires", partial_day, known_as=("expires", "expiry date", "expiration date", "valid until", "vence")),
    Column("state", choice("paper_states"), known_as=("where it is", "status", "estado")),
    Column("held_by", text(200), known_as=("held by", "who has it", "quien lo tiene")),
    Column("note", text(2000), known_as=("note", "notes", "nota", "notas")),
)


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """The rules of the form; a paper of the same kind with the same number is a repetition."""
    people.find(actor, checked, ACT)
    here = _held(actor, {row.client for row in checked.sound})
    for row in checked.sound:
        row.more = said = _facts(row)
        try:
            said.require_known()
        except Broken as broken:
            checked.refuse(row.number, _COLUMN.get(broken.field or "", broken.field or ""), broken)
            continue
        key = (row.client, said.kind, said.number, said.country)
        if key in here:
            checked.doubt(Twin(row.number, "sheets.same_paper", row.code))
        here.add(key)


_COLUMN = {"kind": "paper", "number": "paper_number"}


def _facts(row: Row) -> PaperFacts:
    values = row.values
    return PaperFacts(
        kind=values["paper"],
        country=values.get("country", ""),
        number=values.get("paper_number", ""),
        printed_name=values.get("printed_name", ""),
        issued=_known(values.get("issued")),
        expires=_known(values.get("expires")),
        state=values.get("state", ""),
        held_by=values.get("held_by", ""),
        note=values.get("note", ""),
    )


def _known(told: tuple[int, int | None, int | None] | None) -> Known | None:
    return Known(year=told[0], month=told[1], day=told[2]) if told else None


def _held(actor: Actor, clients: set[bytes]) -> set[tuple[bytes, str, str, str]]:
    found: set[tuple[bytes, str, str, str]] = set()
    for part in chunks(clients):
        rows = db.session.scalars(select(Paper).where(Paper.client_id.in_(part))).all()
        opened = open_each(actor, [row_of(row, PAPER_TEXT) for row in rows], PAPER_TEXT).values
        pairs = zip(rows, opened, strict=True)
        found |= {(row.client_id, text.kind, text.number, text.country) for row, text in pairs if text}
    return found


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    ids = {row.client for row in rows}
    found = (db.session.scalars(select(Client).where(Client.id.in_(part))) for part in chunks(ids))
    clients = {one.id: one for part in found for one in part}
    made = []
    for row in rows:
        paper = NewPaper(Work(actor, clients[row.client], unit), row.more).put()
        made.append(Made("paper", paper.id, row.client, [1]))
    for client in sorted(clients):
        packs.keep(actor, clients[client])
    return made


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    found: set[bytes] = set()
    for part in chunks(one.id for one in made):
        worked = select(Paper.id).where(Paper.id.in_(part), Paper.text_version + Paper.recovery_version != 1)
        found.update(db.session.scalars(worked))
    found |= traces.referred("paper", (one.id for one in made))
    return {one.client for one in made if one.id in found}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    for part in chunks(one.id for one in made):
        db.session.execute(delete(Paper).where(Paper.id.in_(part)).execution_options(synchronize_session=False))
    facts.gone(actor, [(one.client, one.id) for one in made])
    for part in chunks(sorted({one.client for one in made})):
        for client in db.session.scalars(select(Client).where(Client.id.in_(part)).order_by(Client.id)).all():
            packs.keep(actor, client)
    unit.about(*(one.client for one in made))
