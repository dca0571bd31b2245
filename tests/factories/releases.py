"""Releases of a world, asked and signed through the same use-cases as the pages."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from shelter.clients.queries import agency_today
from shelter.releases import actions
from shelter.releases.actions import Agreed, Ask, Sign, Signed, Which
from tests.factories.agency import World


def agreed(**changes: Any) -> Agreed:
    """What a release for legal aid says: her name and what she needs, by telephone, for thirty days."""
    today = agency_today()
    said = Agreed(
        organisation="Harbor Legal Aid",
        person="Ms. Ortiz",
        reach="+1 415 555 0100",
        items=("name", "needs"),
        papers=(),
        purpose="legal",
        purpose_words="",
        methods=("phone",),
        starts=today,
        expires=today + timedelta(days=30),
        risks_discussed=True,
        risks="",
        signer="self",
        language="Spanish",
        interpreter="nobody",
    )
    return replace(said, **changes)


def asked(world: World, code: str, who: str = "caseworker", **changes: Any) -> bytes:
    """A release nobody has signed; its id."""
    return actions.ask(world.actor(who), Ask(code, agreed(**changes)))


def sign(world: World, code: str, release: bytes, *, version: int = 1, who: str = "self", name: str = "Lin Z.") -> None:
    signed = Signed(name, "typed")
    actions.sign(world.actor("caseworker"), Sign(Which(code, release, version), who, signed, True))


def live(world: World, code: str, **changes: Any) -> bytes:
    """A release that holds; its id."""
    release = asked(world, code, **changes)
    sign(world, code, release)
    return release
