"""Services from a sheet, by the hundred thousand: sealed in one pass in the compartment of whoever brings them."""

from datetime import date

from sqlalchemy import delete, func, select

from shelter.clients import scope
from shelter.clients.models import Client, client_subject
from shelter.db import db
from shelter.db.base import new_id
from shelter.db.batch import open_each
from shelter.db.bulk import Row as Cells
from shelter.db.bulk import Sealing, deliver, insert_many
from shelter.db.keyring import chunks, keyring_of
from shelter.db.sections import row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.services.timing import Oddity
from shelter.services import facts
from shelter.services.facts import Given
from shelter.services.models import Service, ServiceText
from shelter.services.queries.given import SECTIONS, days_known, disciplines_of, kind_among
from shelter.sheets.kinds import people, traces
from shelter.sheets.kinds.columns import Column, choice, number, past_day, text
from shelter.sheets.kinds.people import WHO
from shelter.sheets.kinds.rows import Checked, Row, Twin
from shelter.sheets.models import Made
from shelter.trail.record import Unit

ACT = Act.SERVICES_WRITE
COLUMNS = (
    *WHO,
    Column("service", choice("services"), needed=True, known_as=("service", "service type", "servicio", "what")),
    Column("on", past_day, needed=True, known_as=("on", "date", "service date", "day", "fecha", "dia")),
    Column("minutes", number(1, 1440), known_as=("minutes", "duration", "minutos", "duracion")),
    Column("times", number(1, 50), known_as=("times", "units", "quantity", "veces", "unidades")),
    Column("fund", choice("funds"), known_as=("fund", "funding source", "fondo", "grant")),
    Column("words", text(1000), known_as=("words", "note", "notes", "description", "nota", "notas", "descripcion")),
    Column("why", text(200), known_as=("why", "por que")),
    Column("session", text(60), known_as=("group session", "group", "session", "grupo", "sesion")),
)
_COLUMNS = ("id", "client_id", "place", "advocacy", "advocacy_version", "legal", "legal_version", "shelter_version")
_ODD = {Oddity.BEFORE_INTAKE: "services.before-intake", Oddity.OUTSIDE_STAY: "services.outside-stay"}
Key = tuple[bytes, str, date, int | None, str]


# -- looking ---------------------------------------------------------------------------


def look(actor: Actor, checked: Checked, home: bytes) -> None:
    """An unusual day wants a reason, as it does on the form; what stands in her file already is a repetition."""
    people.find(actor, checked, ACT)
    sound = checked.sound
    clients = {row.client for row in sound}
    odd, here = days_known(clients), _given(actor, clients)
    seen: dict[Key, int] = {}
    for row in sound:
        values = row.values
        why = _ODD.get(odd(row.client, values["on"]))
        if why and not values.get("why"):
            checked.refuse(row.number, "why", Broken(why))
            continue
        key = (row.client, values["service"], values["on"], values.get("minutes"), values.get("words", ""))
        if key in here:
            checked.doubt(Twin(row.number, "sheets.same_service", row.code))
        elif seen.setdefault(key, row.number) != row.number:
            checked.doubt(Twin(row.number, "sheets.same_service_row", row.code, seen[key]))


def _given(actor: Actor, clients: set[bytes]) -> set[Key]:
    """What these were given already, as far as she may read it."""
    found: set[Key] = set()
    kinds = [kind for kind in SECTIONS if keyring_of(actor).holds(kind)]
    for part in chunks(clients):
        rows = db.session.scalars(select(Service).where(Service.client_id.in_(part))).all()
        for kind in kinds:
            opened = open_each(actor, [row_of(row, SECTIONS[kind]) for row in rows], SECTIONS[kind])
            found |= {
                (row.client_id, text.what, text.on, text.minutes, text.words)
                for row, text in zip(rows, opened.values, strict=True)
                if text is not None and text.taken_back is None
            }
    return found


# -- bringing in ------------------------------------------------------------------------


def bring(actor: Actor, unit: Unit, rows: list[Row]) -> list[Made]:
    """The entries, each at the end of its file, in the caller's transaction."""
    clients = _clients({row.client for row in rows})
    places, kinds = _places(clients), _kinds(actor, clients)
    sealing, at = Sealing(keyring_of(actor)), now()
    for kind in {one for own in kinds.values() for one in own}:
        sealing.know([client_subject(one) for one in clients if kind in kinds[one]], kind)
    sessions: dict[str, bytes] = {}
    cells, told, made = list[Cells](), list[Given](), list[Made]()
    for row in rows:
        kind, text = kind_among(kinds[row.client], row.values["service"]), _text(actor, row, at, sessions)
        service = new_id()
        sealed = sealing.seal(SECTIONS[kind], service, client_subject(row.client), text)
        places[row.client] = place = places.get(row.client, 0) + 1
        filled = (sealed, 1, None, 0, 0) if kind is Kind.ADVOCACY else (None, 0, sealed, 1, 0)
        cells.append((service, row.client, place, *filled))
        told.append(Given(row.client, clients[row.client].site_id, service, 1, kind, text))
        made.append(Made("service", service, row.client, [1], kind.value))
    insert_many("service", _COLUMNS, cells)
    deliver(sealing.deks, sealing.writes)
    facts.given_many(actor, told)
    return made


def _text(actor: Actor, row: Row, at: object, sessions: dict[str, bytes]) -> ServiceText:
    values = row.values
    session = values.get("session")
    return ServiceText(
        what=values["service"],
        on=values["on"],
        by=actor.id,
        at=at,  # type: ignore[arg-type]
        minutes=values.get("minutes"),
        times=values.get("times", 1),
        session=sessions.setdefault(session, new_id()) if session else b"",
        fund=values.get("fund", ""),
        words=values.get("words", ""),
        why=values.get("why", ""),
    )


def _clients(ids: set[bytes]) -> dict[bytes, Client]:
    return {
        one.id: one for part in chunks(ids) for one in db.session.scalars(select(Client).where(Client.id.in_(part)))
    }


def _places(clients: dict[bytes, Client]) -> dict[bytes, int]:
    """The last place of each file."""
    found: dict[bytes, int] = {}
    for part in chunks(clients):
        last = select(Service.client_id, func.max(Service.place)).where(Service.client_id.in_(part))
        found |= {client: place for client, place in db.session.execute(last.group_by(Service.client_id))}  # noqa: C416
    return found


def _kinds(actor: Actor, clients: dict[bytes, Client]) -> dict[bytes, tuple[Kind, ...]]:
    """Her own disciplines with each of these people. Raises `Denied` where she has none."""
    found: dict[bytes, tuple[Kind, ...]] = {}
    for part in chunks(clients):
        for client, about in scope.facts_of_many([clients[one] for one in part]).items():
            found[client] = disciplines_of(actor, about)
            if not found[client]:
                raise Denied(ACT)
    return found


# -- taking back --------------------------------------------------------------------------


def changed(actor: Actor, made: list[Made]) -> set[bytes]:
    found: set[bytes] = set()
    for part in chunks(one.id for one in made):
        query = select(Service.id).where(Service.id.in_(part), Service.advocacy_version + Service.legal_version != 1)
        found.update(db.session.scalars(query))
    found |= traces.referred("service", (one.id for one in made))
    return {one.client for one in made if one.id in found}


def take_back(actor: Actor, unit: Unit, made: list[Made]) -> None:
    for part in chunks(one.id for one in made):
        gone = delete(Service).where(Service.id.in_(part)).execution_options(synchronize_session=False)
        db.session.execute(gone)
    facts.gone(actor, [(one.client, one.id, Kind(one.key)) for one in made])
    unit.about(*(one.client for one in made))
