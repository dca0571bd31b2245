"""A record of one person in the terms of HTCDS, handed over under a release of hers that covers it; never in bulk."""

import secrets
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from shelter.clients import scope
from shelter.clients.facts import exact_record
from shelter.clients.models import HAPPENED, HERSELF, Client, ClientCoded, Happened, Herself, Identity
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import open_section, row_of
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.disclosing import Share, disclose, refusals_written
from shelter.rules.broken import Broken
from shelter.rules.htcds import NEEDED, Told, record_of
from shelter.services.models import ADVOCACY, Service
from shelter.trail.record import recorded

EXACT = 1
"""A birth date that is about so is not told as one."""


@dataclass(frozen=True, slots=True)
class MakeRecord:
    code: str
    share: Share


def make_record(actor: Actor, command: MakeRecord) -> bytes:
    """The record as JSON, with the items of the share and no more; written down as told.

    Raises `NotCovered` where the release does not cover them, and writes the refusal down; `Denied` for whoever may
    not open what happened to her.
    """
    with refusals_written(actor), recorded(actor, Act.RELEASES_DISCLOSE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.RELEASES_DISCLOSE)
        scope.allowed(actor, Act.HARM_WRITE, client)
        if NEEDED not in command.share.items:
            raise Broken("funders.record-needs-happened", "items")
        disclose(actor, unit, client, command.share)
        record = record_of(_told(actor, client), command.share.items, secrets.token_hex(8))
    return msgspec.json.format(msgspec.json.encode(record), indent=2)


def _told(actor: Actor, client: Client) -> Told:
    row = db.session.scalars(select(ClientCoded).where(ClientCoded.client_id == client.id)).first()
    happened = (open_section(actor, row, HAPPENED) if row else None) or Happened()
    herself = (open_section(actor, row, HERSELF) if row else None) or Herself()
    identity = identities(actor, [client]).get(client.id, Identity())
    born = exact_record(identity)
    return Told(
        status=happened.trafficking_status,
        exploitation=tuple(happened.exploitation),
        control=tuple(happened.control),
        industry=tuple(happened.industry),
        born=born.born if born.born_quality == EXACT else None,
        sex=herself.sex_asked,
        citizenship=herself.citizenship,
        languages=tuple(identity.languages),
        services=_services(actor, client),
        case=client.state,
    )


def _services(actor: Actor, client: Client) -> tuple[str, ...]:
    """What was done for her, as far as case work wrote it down."""
    rows = list(db.session.scalars(select(Service).where(Service.client_id == client.id)))
    opened = open_each(actor, [row_of(row, ADVOCACY) for row in rows], ADVOCACY).values
    return tuple(sorted({text.what for text in opened if text and not text.taken_back}))
