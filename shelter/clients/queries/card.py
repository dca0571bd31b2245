"""The card that heads every page about a client."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import msgspec

from shelter.clients import scope
from shelter.clients.models import DESK_CARD, IDENTITY, Birth, Client, DeskCard, Identity
from shelter.clients.queries.contact import SafeContact, confirmation_lasts, safest
from shelter.clients.queries.merging import other_codes
from shelter.db.agency import the_agency
from shelter.db.batch import open_each
from shelter.db.sections import Section, row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.rules import sitetime
from shelter.rules.clock import now
from shelter.trail.record import note_read

T = TypeVar("T", bound=msgspec.Struct)
Place = Callable[[Actor, bytes], str]
_place: list[Place] = []


class Age(msgspec.Struct, frozen=True):
    years: int
    about: bool = False


@dataclass(frozen=True, slots=True)
class PersonCard:
    """What the header of every page about a client shows; a part the reader may not open is empty.

    `languages` are codes of the pick list or her own words; `place` is where she sleeps, in words;
    `also` are the codes of other records of the same person.
    """

    id: bytes
    code: str
    working_name: str = ""
    pronouns: str = ""
    languages: tuple[str, ...] = ()
    age: Age | None = None
    place: str = ""
    since: date | None = None
    contact: SafeContact | None = None
    door_alert: bool = False
    hmis_personal_id: str = ""
    also: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """What to say: her working name, else the number of an import, else nothing but the code."""
        return self.working_name or self.hmis_personal_id


def register_place(lookup: Place) -> None:
    """Called by the feature that knows beds: words for where a client sleeps tonight, "" where she does not."""
    _place[:] = [lookup]


def card(actor: Actor, client: Client) -> PersonCard:
    """The header of one client the reader has already been let near; opens only what policy allows her to open."""
    return card_with(actor, client, scope.facts_of(client))


def card_with(actor: Actor, client: Client, facts: ClientFacts, identity: Identity | None = None) -> PersonCard:
    """The same where the caller has fetched the facts, or opened and noted the identity, herself."""
    desk = None
    if identity is None and decide(actor, Act.CLIENTS_READ, facts).allowed:
        note_read(actor, Act.CLIENTS_READ, [client.id], decide(actor, Act.CLIENTS_READ, facts).clause)
        identity = _open(actor, client, IDENTITY)
    if decide(actor, Act.RESIDENTS_SEE, facts).allowed:
        note_read(actor, Act.RESIDENTS_SEE, [client.id], decide(actor, Act.RESIDENTS_SEE, facts).clause)
        desk = _open(actor, client, DESK_CARD)
    place = _place[0](actor, client.id) if _place else ""
    return _card(client, identity or Identity(), desk or DeskCard(), place, other_codes(client.id))


def _open(actor: Actor, client: Client, section: Section[T]) -> T | None:
    """One section of one client; a seal that does not hold is written down, and the page says that it is not there."""
    opened = open_each(actor, [row_of(client, section)], section)
    return opened.values[0]


def _card(client: Client, identity: Identity, desk: DeskCard, place: str, also: tuple[str, ...]) -> PersonCard:
    day = agency_today()
    return PersonCard(
        id=client.id,
        code=client.code,
        working_name=desk.working_name or identity.working_name,
        pronouns=desk.pronouns or identity.pronouns,
        languages=tuple(desk.languages or identity.languages),
        age=age_on(identity.birth, day),
        place=place,
        since=identity.since,
        contact=safest(identity.contact, day, confirmation_lasts()) if identity.contact else None,
        door_alert=any(danger.alert for danger in identity.dangers),
        hmis_personal_id=desk.hmis_personal_id or identity.hmis_personal_id,
        also=also,
    )


def identities(actor: Actor, clients: list[Client]) -> dict[bytes, Identity]:
    """The identities of some clients, opened in one batch, by id; who does not open is left out."""
    opened = open_each(actor, [row_of(client, IDENTITY) for client in clients], IDENTITY)
    pairs = zip(clients, opened.values, strict=True)
    return {client.id: identity for client, identity in pairs if identity is not None}


def agency_today() -> date:
    """Today where the agency is."""
    agency = the_agency()
    return sitetime.today(now(), agency.zone if agency else "UTC")


def age_on(birth: Birth, day: date) -> Age | None:
    """Completed years on `day`; a birth year alone gives an age that may be one too high and is marked so."""
    if birth.year is None:
        return None
    reached = (day.month, day.day) >= (birth.month or 1, birth.day or 1)
    years = day.year - birth.year - (not reached)
    return Age(max(years, 0), birth.precision != "exact")
