"""Which ways of reaching her are open at this very hour, with what to say beside each; no number is shown by this."""

from dataclasses import dataclass
from datetime import date, time
from zoneinfo import ZoneInfo

from shelter.clients import scope
from shelter.clients.models import Client, ContactRule, Identity, PartState
from shelter.clients.parts import Part
from shelter.clients.queries.card import PersonCard, card_with, identities
from shelter.clients.queries.contact import as_rule
from shelter.db import db
from shelter.db.agency import Site, the_agency
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.clock import now
from shelter.rules.contact import Channel, State, state
from shelter.settings.queries import limit
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Way:
    """One channel: what may be done with it now, her words for it, and what a voicemail may say (None: leave none)."""

    channel: str
    state: State
    hours_from: time | None
    hours_to: time | None
    confirmed: date | None
    say: str
    code_word: str
    language: str
    shared_with: str
    voicemail: str | None


def ways(actor: Actor, code: str) -> tuple[PersonCard, list[Way], int]:
    """All of them, those that are open first, and their version. `Missing` outside the reader's scope."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    facts = scope.facts_of(client)
    note_read(actor, Act.CLIENTS_READ, [client.id], scope.allowed(actor, Act.CLIENTS_READ, client).clause)
    identity = identities(actor, [client]).get(client.id, Identity())
    found = [way_of(client, identity, rule) for rule in identity.contact]
    found.sort(key=lambda way: way.state is not State.FRESH)
    version = identity.parts.get(Part.CONTACT, PartState()).version
    return card_with(actor, client, facts, identity), found, version


def way_of(client: Client, identity: Identity, rule: ContactRule) -> Way:
    """One channel at this hour where her site is."""
    return Way(
        channel=rule.channel,
        state=state_now(client, rule),
        hours_from=rule.hours_from,
        hours_to=rule.hours_to,
        confirmed=rule.confirmed,
        say=rule.say,
        code_word=rule.code_word,
        language=rule.language,
        shared_with=rule.shared_with,
        voicemail=_voicemail(client, identity) if rule.channel == Channel.CALL else None,
    )


def state_now(client: Client, rule: ContactRule) -> State:
    site = db.session.get(Site, client.site_id) if client.site_id else None
    agency = the_agency()
    zone = site.zone if site else agency.zone if agency else "UTC"
    local = now().astimezone(ZoneInfo(zone))
    return state(as_rule(rule), local.date(), limit("safe_contact_days"), local.time())


def _voicemail(client: Client, identity: Identity) -> str | None:
    """What may be left on a voicemail: her words, if that way is open too."""
    for rule in identity.contact:
        if rule.channel == Channel.VOICEMAIL and state_now(client, rule) is State.FRESH:
            return rule.say
    return None
