"""Releases of information as rules: who signs, and whether one covers what is about to leave.

Nothing here asks for a release: it only says no where one is missing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import Sourced, read, require_unique

FILE = Path(__file__).parent / "consent.toml"
NOT_SETTLED = "not_settled"


class Adult(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    age: int


class Signer(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way of signing: for which answers about consent it holds, and whose signatures it takes."""

    code: str
    consents: tuple[str, ...]
    signs: tuple[str, ...]


class Consent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    adult: Adult
    signer: tuple[Signer, ...]

    def way(self, code: str) -> Signer:
        """Raises `Broken` for a way of signing that there is none of."""
        for one in self.signer:
            if one.code == code:
                return one
        raise Broken("consent.unknown_signer", "signer")


class State(StrEnum):
    """What a release is today; only LIVE lets anything leave."""

    UNSIGNED = "unsigned"
    TO_COME = "to_come"
    LIVE = "live"
    ENDED = "ended"
    REVOKED = "revoked"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides about a release: its days, its items, what was said of it since, and who has signed."""

    starts: date
    expires: date
    items: frozenset[str]
    signer: str
    signed: frozenset[str]
    declined: bool = False
    revoked: bool = False


@cache
def consent() -> Consent:
    """The shipped rules, read once."""
    found = read(FILE, Consent)
    require_unique([one.code for one in found.signer], FILE.name, "signer")
    return found


def missing_signatures(standing: Standing) -> tuple[str, ...]:
    """Who has still to sign, in order."""
    return tuple(who for who in consent().way(standing.signer).signs if who not in standing.signed)


def state(standing: Standing, today: date) -> State:
    """A revocation holds at once and before everything else; the last day is a day on which it still holds."""
    if standing.revoked:
        return State.REVOKED
    if standing.declined:
        return State.DECLINED
    if missing_signatures(standing):
        return State.ENDED if today > standing.expires else State.UNSIGNED
    if today < standing.starts:
        return State.TO_COME
    return State.LIVE if today <= standing.expires else State.ENDED


def require_covered(standing: Standing, items: Collection[str], today: date) -> None:
    """Lets something leave only under a live release that names each of these items. Raises `Broken`."""
    found = state(standing, today)
    if found is not State.LIVE:
        raise Broken(f"consent.{found.value}", "release")
    if not items:
        raise Broken("consent.no_items", "items")
    if not standing.items.issuperset(items):
        raise Broken("consent.not_covered", "items")


def require_length(starts: date, expires: date, most_days: int) -> None:
    """Reasonably limited in time: not before it begins, not longer than the agency allows. Raises `Broken`."""
    if expires < starts:
        raise Broken("consent.ends_before_it_begins", "expires")
    if expires > starts + timedelta(days=most_days):
        raise Broken("consent.too_long", "expires", {"most": most_days})


def ways_to_sign(age: int | None, minor_consent: str) -> tuple[str, ...]:
    """The ways of signing open to her: none while it is not settled who consents for a minor."""
    answer = minor_consent if age is None or age < consent().adult.age else ""
    if answer == "" and age is not None and age < consent().adult.age:
        return ()
    return tuple(one.code for one in consent().signer if answer in one.consents)


def require_signer(signer: str, age: int | None, minor_consent: str) -> None:
    """Raises `Broken` where this is not who signs for her."""
    ways = ways_to_sign(age, minor_consent)
    if not ways:
        raise Broken("consent.settle_first", "signer")
    if signer not in ways:
        raise Broken("consent.wrong_signer", "signer")


def labels() -> Mapping[str, tuple[str, ...]]:
    """Every way of signing and whose signatures it takes, for pages."""
    return {one.code: one.signs for one in consent().signer}


def require_one_signer(signer: str) -> None:
    """Raises `Broken` for a way of signing that takes two: neither of them lengthens it alone."""
    if len(consent().way(signer).signs) > 1:
        raise Broken("releases.both_sign_anew")
