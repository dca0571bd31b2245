"""Addresses of partners and what was left there, through the same use-cases as the pages."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from shelter.db import db
from shelter.referrals import actions, dropping
from shelter.referrals.dropping import Leave
from shelter.referrals.models import DroppedReferral
from tests.factories.agency import World

LEFT = Leave(
    organisation="County Hospital",
    sender="Nurse Abara",
    reach="+1 415 555 0199",
    called="Mirela",
    language="Romanian",
    age="about twenty",
    safe_contact="",
    urgency="today",
    needs="a bed tonight",
)


def address(world: World, partner: str = "County Hospital") -> str:
    """The token of a partner's address."""
    return actions.give_address(world.actor("supervisor"), partner)


def leave(token: str, **changes: Any) -> str:
    """What a stranger leaves there; the receipt number."""
    return dropping.leave(token, replace(LEFT, **changes))


def dropped() -> list[DroppedReferral]:
    return list(db.session.scalars(select(DroppedReferral)))
