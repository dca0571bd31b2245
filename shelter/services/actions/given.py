"""Entering a service once, for one person or a group, and taking an entry back."""

from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import func, select

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db, new_id
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.services import facts
from shelter.services.entry import EnterService, require_known, require_usual, worded
from shelter.services.models import Service, ServiceText
from shelter.services.queries.given import SECTIONS, disciplines_of, kind_among, kinds_of
from shelter.trail.record import Unit, recorded

Written = tuple[Client, Service, Kind, ServiceText]


@dataclass(frozen=True, slots=True)
class TakeBack:
    code: str
    service: bytes
    version: int
    why: str = ""


def enter(actor: Actor, command: EnterService) -> list[bytes]:
    """The ids of the entries, one for each person, in the order of the codes.

    Raises `Missing` where one of them is outside her scope, and `Broken` for an unusual day without a reason; then
    nothing is written for anybody.
    """
    codes = tuple(dict.fromkeys(command.codes))
    require_known(command, codes)
    with recorded(actor, Act.SERVICES_WRITE) as unit:
        people = [_writable(actor, unit, code) for code in codes]
        require_usual(people, command)
        session = new_id() if command.group else b""
        by_id = scope.facts_of_many(people)
        written = [_put(actor, one, by_id[one.id], command, session) for one in sorted(people, key=lambda p: p.id)]
        facts.given(actor, written)
    ids = {client.code: service.id for client, service, _, _ in written}
    return [ids[code] for code in codes]


def take_back(actor: Actor, command: TakeBack) -> None:
    """It stays in the file with the reason and counts nowhere. Raises `Conflict` where somebody was faster."""
    with recorded(actor, Act.SERVICES_WRITE) as unit:
        client = _writable(actor, unit, command.code)
        service = db.session.get(Service, command.service, populate_existing=True)
        if service is None or service.client_id != client.id:
            raise Missing
        kind = _filled(service)
        if kind not in kinds_of(actor, scope.facts_of(client)):
            raise Missing
        text = open_section(actor, service, SECTIONS[kind])
        if text is None or text.taken_back:
            raise Missing
        text = replace(text, taken_back=now(), taken_back_by=actor.id, taken_back_why=command.why)
        save(actor, service, SECTIONS[kind], text, made_from=command.version)
        facts.given(actor, [(client, service, kind, text)])


def put(actor: Actor, client: Client, kind: Kind, text: ServiceText) -> Service:
    """One entry at the end of one file, in the caller's transaction; facts are the caller's to tell."""
    last = db.session.scalar(select(func.max(Service.place)).where(Service.client_id == client.id))
    service = Service(client_id=client.id, place=(last or 0) + 1)
    fill(actor, service, SECTIONS[kind], text)
    db.session.add(service)
    return service


def _put(actor: Actor, client: Client, about: ClientFacts, command: EnterService, session: bytes) -> Written:
    db.session.refresh(client, with_for_update=True)
    kind = _own_kind(actor, about, command.what)
    text = worded(actor, command, session)
    return client, put(actor, client, kind, text), kind, text


def _own_kind(actor: Actor, about: ClientFacts, what: str) -> Kind:
    """The writer's own compartment; for somebody of both disciplines, that of the service."""
    kinds = disciplines_of(actor, about)
    if not kinds:
        raise Denied(Act.SERVICES_WRITE)
    return kind_among(kinds, what)


def _filled(service: Service) -> Kind:
    return next(kind for kind in SECTIONS if getattr(service, kind.value) is not None)


def _writable(actor: Actor, unit: Unit, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.SERVICES_READ)
    unit.clause = scope.allowed(actor, Act.SERVICES_WRITE, client).clause
    unit.about(client.id)
    return client
