"""Whom a row is about: by the code that she has here, or by the agency's own number for her from an earlier sheet."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.keyring import chunks
from shelter.exchange.families import PERSON
from shelter.exchange.ledger import Ledger
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.codes import parse_code
from shelter.sheets.kinds.columns import Column, Reading, text
from shelter.sheets.kinds.rows import Checked

SOURCE = "spreadsheets"
"""Under which the ledger of imports keeps the agency's own numbers."""
MOST_NUMBER = 60
NOBODY = bytes(16)


def _code(cell: str, reading: Reading) -> str:
    return parse_code(cell)


WHO = (
    Column("code", _code, known_as=("code", "codigo", "client code", "codigo de la persona"), person=True),
    Column(
        "number",
        text(MOST_NUMBER),
        known_as=("own number", "client id", "id", "numero", "client number", "case number", "numero propio"),
        person=True,
    ),
)


def numbers(actor: Actor) -> Ledger:
    return Ledger(actor, SOURCE)


def owners(ledger: Ledger, wanted: Iterable[str]) -> dict[str, bytes]:
    """The clients behind these numbers, whoever may see them; not those whose import was taken back."""
    found = {one: ledger.find(PERSON, one) for one in set(wanted)}
    return {one: known.owner for one, known in found.items() if known and known.owner != NOBODY}


def find(actor: Actor, checked: Checked, act: Act) -> dict[bytes, Client]:
    """Says of each row whom it is about; refuses rows about nobody, or about somebody with whom `act` is not hers."""
    by_number = owners(numbers(actor), (row.values["number"] for row in checked.rows if "number" in row.values))
    codes = {row.values["code"] for row in checked.rows if "code" in row.values}
    by_code = {one.code: one for part in chunks(codes) for one in _within(actor, act, Client.code.in_(part))}
    ids = set(by_number.values())
    by_id = {one.id: one for part in chunks(ids) for one in _within(actor, act, Client.id.in_(part))}
    for row in checked.rows:
        if row.number in checked.wrong:
            continue
        code, number = row.values.get("code"), row.values.get("number")
        if not code and not number:
            checked.refuse(row.number, "code", Broken("sheets.nobody_named"))
            continue
        client = by_code.get(code) if code else by_id.get(by_number.get(number or "", b""))
        if client is None:
            checked.refuse(row.number, "code" if code else "number", Broken("sheets.no_such_person"))
            continue
        row.client, row.code = client.id, client.code
    return {one.id: one for one in (*by_code.values(), *by_id.values())}


def _within(actor: Actor, act: Act, condition: ColumnElement[bool]) -> Sequence[Client]:
    query = select(Client).where(condition, scope.scope(actor, act), scope.scope(actor, Act.CLIENTS_READ))
    return db.session.scalars(query).all()


def still_within(actor: Actor, act: Act, clients: Iterable[bytes]) -> bool:
    """Whether she may still do `act` with all of them, asked again in the last transaction."""
    wanted, count = set(clients), 0
    for part in chunks(wanted):
        count += len(list(db.session.scalars(select(Client.id).where(Client.id.in_(part), scope.scope(actor, act)))))
    return count == len(wanted)
