"""A service given at the desk: for somebody who sleeps here, its words in the compartment of the house."""

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.services import facts
from shelter.services.actions.given import put
from shelter.services.entry import EnterService, require_known, require_usual, worded
from shelter.services.models import SHELTER, Service
from shelter.settings.servicelist import service_list
from shelter.stays.changes import UNDO_FOR
from shelter.trail.record import Unit, recorded


def give_in_house(actor: Actor, command: EnterService) -> bytes:
    """The id of the entry. Raises `Missing` for somebody who does not sleep here, `Broken` for an unusual day without
    a reason, and for what a lawyer's team gives.
    """
    require_known(command, command.codes)
    if service_list().services[command.what].legal:
        raise Broken("services.unknown", field="what")
    with recorded(actor, Act.SERVICES_HOUSE) as unit:
        client = _resident(actor, unit, command.codes[0])
        require_usual([client], command)
        db.session.refresh(client, with_for_update=True)
        text = worded(actor, command)
        service = put(actor, client, Kind.SHELTER, text)
        facts.given(actor, [(client, service, Kind.SHELTER, text)])
    return service.id


def take_back_in_house(actor: Actor, code: str, service_id: bytes, why: str) -> None:
    """Her own entry of the last ten minutes. `Missing` for any other."""
    with recorded(actor, Act.SERVICES_HOUSE) as unit:
        client = _resident(actor, unit, code)
        service = db.session.get(Service, service_id, populate_existing=True)
        text = open_section(actor, service, SHELTER) if service and service.client_id == client.id else None
        if service is None or text is None or text.by != actor.id or text.taken_back or text.at < now() - UNDO_FOR:
            raise Missing
        text = replace(text, taken_back=now(), taken_back_by=actor.id, taken_back_why=why)
        save(actor, service, SHELTER, text, service.shelter_version)
        facts.given(actor, [(client, service, Kind.SHELTER, text)])


def _resident(actor: Actor, unit: Unit, code: str) -> Client:
    client = scope.visible(actor, code, Act.SERVICES_HOUSE)
    unit.clause = scope.allowed(actor, Act.SERVICES_HOUSE, client).clause
    unit.about(client.id)
    return client
