"""Reaching her: the number or address of one channel, shown for one call or letter, if that is safe at this hour."""

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.actions.record import save_rule
from shelter.clients.models import IDENTITY, Identity
from shelter.clients.queries import agency_today
from shelter.clients.queries.reaching import Way, state_now, way_of
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.rules.contact import Answer, State
from shelter.settings.queries import limit
from shelter.trail.record import recorded


def reach(actor: Actor, code: str, channel: str) -> tuple[Way, str]:
    """The way and what to dial or write to; the trail says which, sealed to the auditor.

    Raises `Broken` with `contact.<state>` for a channel that is stale, never allowed or not at this hour.
    """
    with recorded(actor, Act.CLIENTS_REVEAL) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_REVEAL)
        identity = open_section(actor, client, IDENTITY) or Identity()
        rule = next((one for one in identity.contact if one.channel == channel), None)
        if rule is None:
            raise Missing
        found = state_now(client, rule)
        if found is not State.FRESH:
            raise Broken(f"contact.{found.value}", values={"max_age_days": limit("safe_contact_days")})
        unit.detail = {"reached": channel}
        return way_of(client, identity, rule), rule.value


def confirm(actor: Actor, code: str, channel: str, version: int) -> None:
    """She was asked and says that what is written down of this channel still holds, from today on.

    Raises `Conflict` where somebody has written another answer meanwhile, `Broken` where there is none to confirm.
    """
    with recorded(actor, Act.CLIENTS_UPDATE) as unit:
        client = scope.for_change(actor, unit, code, Act.CLIENTS_UPDATE)
        old = open_section(actor, client, IDENTITY) or Identity()
        rule = next((one for one in old.contact if one.channel == channel), None)
        if rule is None:
            raise Missing
        if rule.allowed != Answer.ALLOWED:
            raise Broken(f"contact.{State.NOT_ASKED.value}")
        save_rule(actor, client, old, replace(rule, confirmed=agency_today()), version)
