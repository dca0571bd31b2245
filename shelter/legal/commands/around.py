"""What is asked of the actions around a matter: certifications, family, trips."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class AddAsk:
    """A certification, declaration or continued presence asked of an agency; `certifier` says whose clock runs.

    `again` names one that was asked before, `seen` how many there are from it on, as its writer has seen.
    """

    code: str
    matter: bytes
    kind: str
    certifier: str
    agency: str
    contact: str
    asked_on: date
    how: str = ""
    urgent: bool = False
    again: bytes | None = None
    move: bool = False
    seen: int = 1


@dataclass(frozen=True, slots=True)
class TellAsk:
    """A reminder or a word that passed about an ask; `remind` asks for the next reminder by the agency's clock."""

    code: str
    matter: bytes
    ask: bytes
    on: date
    what: str
    remind: bool = False


@dataclass(frozen=True, slots=True)
class AnswerAsk:
    """`answer` is signed or refused, `on` the day of it; `move` takes the stage of the matter along."""

    code: str
    matter: bytes
    ask: bytes
    version: int
    answer: str
    on: date
    why: str = ""
    move: bool = False


@dataclass(frozen=True, slots=True)
class Kin:
    """Somebody of the family as a form says it."""

    name: str
    relation: str
    born: date | None = None
    where: str = ""
    stage: str = ""
    stage_on: date | None = None
    frozen_on: date | None = None
    client_code: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class KeepMember:
    """A new member of the family where `member` is None, else one changed from `version`."""

    code: str
    matter: bytes
    kin: Kin
    member: bytes | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class AddJourney:
    """`member` None is the principal. `signed_off` says who of counsel agreed to it, and is asked for before a plan."""

    code: str
    matter: bytes
    left: date
    back: date | None
    member: bytes | None = None
    permit: str = ""
    signed_off: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class EndJourney:
    """She is back on a day, or, with a reason in `withdrawn`, the trip is not made."""

    code: str
    matter: bytes
    journey: bytes
    version: int
    back: date | None
    withdrawn: str = ""
