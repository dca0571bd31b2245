"""What stands around a matter: certifications asked for, the family with the stage of each, trips abroad."""

from datetime import date, datetime

import msgspec


class Said(msgspec.Struct, kw_only=True, frozen=True):
    """A reminder, a refusal, a word on the telephone: what passed on a day."""

    on: date
    what: str
    by: bytes
    at: datetime


class Ask(msgspec.Struct, kw_only=True, frozen=True):
    """A certification, declaration or continued presence asked of an agency, and what became of it.

    `answer` is "", signed, refused or lapsed, and `answered_by` whoever entered it; `due` are the dates it brought: the
    agency's own clock, the safe last day. One that lapsed is asked for again in an ask of its own, which `again` names.
    """

    id: bytes
    kind: str
    agency: str
    certifier: str
    contact: str = ""
    asked_on: date
    how: str = ""
    urgent: bool = False
    said: tuple[Said, ...] = ()
    answer: str = ""
    answered_on: date | None = None
    why: str = ""
    due: tuple[bytes, ...] = ()
    again: bytes | None = None
    by: bytes
    at: datetime
    answered_by: bytes = b""
    answered_at: datetime | None = None
    version: int = 1


class Asks(msgspec.Struct, kw_only=True):
    asks: list[Ask] = []


class Member(msgspec.Struct, kw_only=True, frozen=True):
    """One person of the family tree. `frozen_on` is the day whose age counts; None where age still runs."""

    id: bytes
    name: str
    relation: str
    born: date | None = None
    where: str = ""
    stage: str = ""
    stage_on: date | None = None
    frozen_on: date | None = None
    client_code: str = ""
    note: str = ""
    by: bytes
    at: datetime
    version: int = 1


class Journey(msgspec.Struct, kw_only=True, frozen=True):
    """Out of the country: for whom (None: the principal), from a day to a day, None while she is away.

    `changed_by` is whoever wrote that she is back or does not go, in a further `version`.
    """

    id: bytes
    member: bytes | None = None
    left: date
    back: date | None = None
    planned: bool = False
    permit: str = ""
    signed_off: str = ""
    note: str = ""
    withdrawn: str = ""
    by: bytes
    at: datetime
    changed_by: bytes = b""
    changed_at: datetime | None = None
    version: int = 1


class Family(msgspec.Struct, kw_only=True):
    """`earlier` are members as they stood before each change."""

    members: list[Member] = []
    earlier: list[Member] = []
    journeys: list[Journey] = []
