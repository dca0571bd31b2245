"""The person page: her header, what her record says without a reveal, and what other rooms add to it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import msgspec

from shelter.clients import scope
from shelter.clients.models import Client, Identity
from shelter.clients.queries.card import PersonCard, agency_today, card_with, identities
from shelter.clients.queries.contact import SafeContact, judge
from shelter.clients.queries.merging import merged_with
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a block: words about her, a day if there is one, where to go."""

    words: Any
    day: date | None = None
    url: str = ""
    about_person: bool = True


@dataclass(frozen=True, slots=True)
class Block:
    """What another room says on the person page, in five lines at most; `empty` teaches where there is nothing.

    `endpoint` is the page that tells all of it, asked for with her code.
    """

    title: Any
    lines: list[Line] = field(default_factory=list)
    empty: Any = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, for the timeline; `by` is in words, and the text opens by hand."""

    at: datetime
    title: Any
    kind: Any = ""
    by: str = ""
    text: str = ""


BlockOf = Callable[[Actor, Client], Block | None]
EventsOf = Callable[[Actor, Client], list[Event]]
_blocks: dict[str, tuple[int, BlockOf]] = {}
_events: dict[str, EventsOf] = {}
MOST_EVENTS = 50


def register_block(name: str, order: int, block: BlockOf) -> None:
    """Called by a higher feature: its part of the person page. It answers None to a reader whom it tells nothing.

    The function reads through its own queries, so that scope, keys and trail are its own.
    """
    _blocks[name] = (order, block)


def register_events(name: str, events: EventsOf) -> None:
    """Called by a higher feature: what the timeline shows of it, the newest fifty at most."""
    _events[name] = events


@dataclass(frozen=True, slots=True)
class Overview:
    """The person page. `identity` holds no legal name, no number and nobody feared: those have pages of their own.

    The channels are without number or address: these are shown where it is asked whether she may be reached now.
    """

    card: PersonCard
    identity: Identity
    channels: list[tuple[str, SafeContact]]
    has_names: bool
    has_ssn: bool
    may_change: bool
    may_assign: bool
    blocks: list[Block]
    events: list[Event]


def overview(actor: Actor, code: str) -> Overview:
    """`Missing` outside the reader's scope. The read is written down with the clause that allowed it."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    facts = scope.facts_of(client)
    note_read(actor, Act.CLIENTS_READ, [client.id], scope.allowed(actor, Act.CLIENTS_READ, client).clause)
    identity = identities(actor, [client]).get(client.id, Identity())
    others = merged_with(actor, client)
    day = agency_today()
    return Overview(
        card=card_with(actor, client, facts, identity),
        identity=msgspec.structs.replace(identity, legal_name="", aliases=[], ssn="", a_number="", dangers=[]),
        channels=[(rule.channel, msgspec.structs.replace(judge(rule, day), value="")) for rule in identity.contact],
        has_names=bool(identity.legal_name or identity.aliases or identity.a_number),
        has_ssn=bool(identity.ssn),
        may_change=scope.may_with(actor, Act.CLIENTS_UPDATE, facts),
        may_assign=scope.may_with(actor, Act.CLIENTS_ASSIGN, facts),
        blocks=_blocks_for(actor, [client, *others]),
        events=_events_for(actor, [client, *others]),
    )


def _blocks_for(actor: Actor, records: list[Client]) -> list[Block]:
    """Each room once; what it says of her other records stands under the same heading."""
    ordered = sorted(_blocks.values(), key=lambda pair: pair[0])
    blocks = []
    for _, of in ordered:
        found = [block for one in records if (block := of(actor, one)) is not None]
        if found:
            lines = [line for block in found for line in block.lines]
            blocks.append(replace(found[0], lines=lines))
    return blocks


def _events_for(actor: Actor, records: list[Client]) -> list[Event]:
    found = [event for of in _events.values() for one in records for event in of(actor, one)]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST_EVENTS]


def card_of(actor: Actor, code: str, *acts: Act) -> PersonCard:
    """The header for a page of this feature; `Missing` where none of the acts (reading, if none) reaches her."""
    client = scope.visible(actor, code, *(acts or (Act.CLIENTS_READ,)))
    return card_with(actor, client, scope.facts_of(client))
