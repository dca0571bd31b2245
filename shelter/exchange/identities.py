"""A row of Client.csv as a record here: what may be used of it, and what a later row may change."""

import msgspec

from shelter.clients.models import Birth, DeskCard, Identity
from shelter.exchange.hmis.plan import BirthDate, PlannedClient
from shelter.exchange.models import Said

MOST_LETTERS = 200
MOST_KEY = 60

_PRECISION = {
    BirthDate.EXACT: "exact",
    BirthDate.APPROXIMATE: "approximate",
    BirthDate.DECLINED: "declined",
}


def identity_of(planned: PlannedClient) -> Identity:
    """A new record. Without a readable name she is found by code and PersonalID alone; a number stays in her rows.

    The working name is a field of its own, never derived from a legal one: it stays empty until she gives one.
    """
    identity = Identity(
        legal_name=(planned.display_name or "")[:MOST_LETTERS],
        birth=_birth(planned),
        hmis_personal_id=_key(planned),
    )
    if planned.birth_date_is is BirthDate.UNKNOWN:
        identity.skipped = {"birth": "does_not_know"}
    return identity


def desk_card_of(planned: PlannedClient) -> DeskCard:
    """What the desk sees of somebody imported: how the other system counts her, and no name."""
    return DeskCard(hmis_personal_id=_key(planned))


def said_of(identity: Identity) -> Said:
    """What an import wrote into the record."""
    return Said(legal_name=identity.legal_name, birth=identity.birth)


def brought_up(current: Identity, before: Said | None, new: Identity) -> Identity | None:
    """The record with what the other system changed, where nobody here has; None where nothing changes."""
    before = before or Said()
    changes: dict[str, object] = {}
    if new.legal_name and current.legal_name == before.legal_name != new.legal_name:
        changes["legal_name"] = new.legal_name
    if new.birth.year is not None and current.birth == before.birth != new.birth:
        changes["birth"] = new.birth
    return msgspec.structs.replace(current, **changes) if changes else None


def _birth(planned: PlannedClient) -> Birth:
    precision = _PRECISION.get(planned.birth_date_is, "not_asked")
    day = planned.birth_date
    if day is None:
        return Birth(precision=precision)
    return Birth(precision=precision, year=day.year, month=day.month, day=day.day)


def _key(planned: PlannedClient) -> str:
    return planned.key[:MOST_KEY]
