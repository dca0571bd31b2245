"""People from a sheet: records as the first meeting makes them, entered in the directory and told to the ledgers."""

from typing import Any

from sqlalchemy import delete, select

from shelter.clients import directory, facts, scope
from shelter.clients.models import (
    DESK_CARD,
    IDENTITY,
    Birth,
    Client,
    ContactRule,
    DeskCard,
    Identity,
    PartState,
    client_subject,
)
from shelter.clients.parts import Part, Progress
from shelter.clients.queries.card import identities
from shelter.clients.queries.codes import fresh_codes
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.bulk import Row as Cells
from shelter.db.bulk import Sealing, deliver, insert_many
from shelter.db.forgetting import destroy_keys
from shelter.db.keyring import chunks, keyring_of
from shelter.exchange.families import PERSON
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.contact import Channel
from shelter.rules.duplicates import MAY_BE_SAME, Described, likeness
from shelter.rules.names import read_name
from shelter.sheets.kinds import people, traces
from shelter.sheets.kinds.columns import Column, a_number, born, choice, choices, past_day, several, site, text
from shelter.sheets.kinds.people import NOBODY, WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.trail.record import Unit, note_read

COLUMNS = (
    Column(**{**{name: getattr(WHO[1], name) for name in Column.__slots__}, "person": False}),
    Column("working_name", text(80), known_as=("working name", "nickname", "preferred name", "nombre de uso")),
    Column("first_name", text(100), known_as=("first name", "first", "nombre", "nombres", "given name")),
    Column("last_name", text(100), known_as=("last name", "last", "surname", "apellido", "apellidos")),
    Column("legal_name", text(200), known_as=("legal name", "name", "full name", "nombre legal", "nombre completo")),
    Column("aliases", several(20), known_as=("aliases", "other names", "otros nombres")),
    Column("born", born, known_as=("birth date", "date of birth", "dob", "birthdate", "fecha de nacimiento")),
    Column("pronouns", text(40), known_as=("pronouns", "pronombres")),
    Column("languages", choices("languages", own_words=True), known_as=("languages", "language", "idiomas", "idioma")),
    Column("phone", text(200), known_as=("phone", "telephone", "cell", "mobile", "telefono", "celular")),
    Column("a_number", a_number, known_as=("a number", "alien number", "numero a")),
    Column("referral_source", choice("referral_source"), known_as=("referral source", "referred by", "origen")),
    Column(
        "relationship", choice("relationship_to_head"), known_as=("relationship", "relationship to head", "parentesco")
    ),
    Column("room_needs", choices("bed_needs"), known_as=("room needs",)),
    Column("allergies", text(300), known_as=("allergies", "alergias")),
    Column("since", past_day, known_as=("first met on", "intake date", "entry date", "fecha de ingreso")),
    Column("site", site, known_as=("site", "house", "casa", "sitio", "location")),
)
_COLUMNS = ("id", "code", "site_id", "state", "identity", "identity_version", "desk_card", "desk_card_version")


# -- looking ---------------------------------------------------------------------------


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """Names are joined, and whoever may be here already is found: by number, by A-number, by name and year."""
    seen: dict[str, int] = {}
    for row in checked.sound:
        _settle(checked, row, home, seen)
    _known_numbers(actor, checked)
    _known_a_numbers(actor, checked)
    _known_names(actor, checked)


def _settle(checked: Checked, row: Row, home: bytes, seen: dict[str, int]) -> None:
    values = row.values
    parts = (values.pop("first_name", ""), values.pop("last_name", ""))
    values.setdefault("legal_name", " ".join(part for part in parts if part)[:200])
    values.setdefault("site", home)
    if not any(values.get(name) for name in ("legal_name", "working_name", "aliases", "number")):
        checked.refuse(row.number, "legal_name", Broken("sheets.no_name"))
    number = values.get("number")
    if number and number in seen:
        checked.refuse(row.number, "number", Broken("sheets.number_twice", values={"row": seen[number]}))
    elif number:
        seen[number] = row.number


def _known_numbers(actor: Actor, checked: Checked) -> None:
    rows = {row.values["number"]: row for row in checked.sound if "number" in row.values}
    owned = people.owners(people.numbers(actor), rows)
    codes = _codes(actor, set(owned.values()))
    for number, owner in owned.items():
        if owner in codes:
            checked.doubt(Twin(rows[number].number, "sheets.same_number", codes[owner]))


def _known_a_numbers(actor: Actor, checked: Checked) -> None:
    rows = {row.values["a_number"][1:]: row for row in checked.sound if "a_number" in row.values}
    found = directory.owners_of(actor, directory.Lane.A_NUMBERS, set(rows))
    codes = _codes(actor, set(found.values()))
    for number, owner in found.items():
        checked.doubt(Twin(rows[number].number, "sheets.same_a_number", codes.get(owner, "")))


def _known_names(actor: Actor, checked: Checked) -> None:
    rows = checked.sound
    described = [Described(_full(row), row.values.get("born", (None,))[0]) for row in rows]
    near = directory.nearest_of_many(actor, described)
    hits = {client for found in near.values() for client, _ in found}
    known = _within(actor, hits)
    note_read(actor, Act.SHEETS_PREPARE, known)
    years = {one: identity.birth.year for one, identity in identities(actor, list(known.values())).items()}
    for place, found in near.items():
        for client, names in found:
            if likeness(described[place], Described(names, years.get(client))) >= MAY_BE_SAME:
                code = known[client].code if client in known else ""
                checked.doubt(Twin(rows[place].number, "sheets.same_name", code))
    _same_in_file(checked, rows, described)


def _same_in_file(checked: Checked, rows: list[Row], described: list[Described]) -> None:
    seen: dict[tuple[Any, Any], int] = {}
    for row, one in zip(rows, described, strict=True):
        for name in one.names:
            key = (frozenset(read_name(name).tokens), row.values.get("born"))
            other = seen.setdefault(key, row.number)
            if other != row.number:
                checked.doubt(Twin(row.number, "sheets.same_row", other_row=other))


def _full(row: Row) -> tuple[str, ...]:
    spoken = (row.values["legal_name"], *row.values.get("aliases", ()))
    return tuple(name for name in spoken if len(read_name(name).tokens) > 1)[:4]


def _within(actor: Actor, clients: set[bytes]) -> dict[bytes, Client]:
    found: dict[bytes, Client] = {}
    for part in chunks(clients):
        query = select(Client).where(Client.id.in_(part), scope.scope(actor, Act.CLIENTS_READ))
        found |= {one.id: one for one in db.session.scalars(query)}
    return found


def _codes(actor: Actor, clients: set[bytes]) -> dict[bytes, str]:
    return {one.id: one.code for one in _within(actor, clients).values()}


# -- bringing in ---------------------------------------------------------------------------


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """The records, in the caller's transaction."""
    sealing, cells, ledger = Sealing(keyring_of(actor)), list[Cells](), people.numbers(actor)
    codes = fresh_codes(len(rows))
    news = [(new_id(), _identity(actor, row), row) for row in rows]
    people_here = [(client, identity) for client, identity, _ in news]
    directory.keep_many(actor, people_here)
    directory.keep_numbers_of_many(actor, people_here)
    made = []
    for client, identity, row in news:
        subject = client_subject(client)
        record = sealing.seal(IDENTITY, client, subject, identity)
        card = sealing.seal(DESK_CARD, client, subject, _desk_card(identity, row))
        row.client, row.code = client, next(codes)
        cells.append((client, row.code, row.values["site"], "open", record, 1, card, 1))
        number = row.values.get("number", "")
        made.append(Made("client", client, client, [1, 1], number))
        if number:
            ledger.put(PERSON, number, NOBODY, client)
    insert_many("client", _COLUMNS, cells)
    deliver(sealing.deks, sealing.writes)
    ledger.store()
    facts.changed_many(actor, [(client, 1, identity) for client, identity, _ in news])
    unit.about(*(client for client, _, _ in news))
    return made


def _identity(actor: Actor, row: Row) -> Identity:
    values = row.values
    state = PartState(state=Progress.IN_PART, version=1, by=actor.id, at=now())
    return Identity(
        working_name=values.get("working_name", ""),
        legal_name=values["legal_name"],
        aliases=list(values.get("aliases", ())),
        birth=_birth(values.get("born")),
        pronouns=values.get("pronouns", ""),
        languages=list(values.get("languages", ())),
        contact=[ContactRule(channel=Channel.CALL, value=values["phone"])] if values.get("phone") else [],
        a_number=values.get("a_number", ""),
        referral_source=values.get("referral_source", ""),
        relationship_to_head=values.get("relationship", ""),
        parts={Part.FIRST: state},
        since=values.get("since") or now().date(),
    )


def _birth(told: tuple[int, int | None, int | None] | None) -> Birth:
    if told is None:
        return Birth()
    year, month, day = told
    return Birth(precision="exact" if month and day else "approximate", year=year, month=month, day=day)


def _desk_card(identity: Identity, row: Row) -> DeskCard:
    return DeskCard(
        working_name=identity.working_name,
        pronouns=identity.pronouns,
        languages=list(identity.languages),
        room_needs=list(row.values.get("room_needs", ())),
        allergies=row.values.get("allergies", ""),
    )


# -- taking back -------------------------------------------------------------------------------


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    """The clients with whom somebody has worked since: her record was changed, or another record is about her."""
    found: set[bytes] = set()
    for part in chunks(one.id for one in made):
        for client in db.session.scalars(select(Client).where(Client.id.in_(part))):
            if (client.identity_version, client.desk_card_version, client.state) != (1, 1, "open"):
                found.add(client.id)
            if client.merged_into is not None:
                found.add(client.id)
    return found | traces.referred("client", (one.id for one in made))


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    """Records, keys, names and numbers go as an erasing takes them; the ledgers hear that they are no more."""
    ids = [one.id for one in made]
    for which in (directory.Lane.NAMES, directory.Lane.PHONES, directory.Lane.A_NUMBERS):
        directory.take_out(actor, which, ids)
    facts.gone(actor, ids)
    ledger = people.numbers(actor)
    for one in made:
        if one.key:
            ledger.put(PERSON, one.key, NOBODY, NOBODY)
    ledger.store()
    for part in chunks(ids):
        db.session.execute(delete(Client).where(Client.id.in_(part)).execution_options(synchronize_session=False))
    destroy_keys(ids, now())
    unit.about(*ids)
