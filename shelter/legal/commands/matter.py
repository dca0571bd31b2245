"""What is asked of the actions on a matter, its filings, notices and dates."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """`lead` is the advocate who will answer for it; None for one who opens her own.

    `cleared` says why somebody near to a party is no conflict, or who decided.
    """

    code: str
    type: str
    opened_on: date
    lead: bytes | None = None
    scope: str = ""
    adverse: tuple[str, ...] = ()
    a_number: str = ""
    cleared: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was signed between her and her counsel."""

    retainer_on: date | None = None
    counsel: str = ""
    closing_on: date | None = None
    closing: str = ""


@dataclass(frozen=True, slots=True)
class ChangeMatter:
    """`version` is the one that the form was made from, here and below."""

    code: str
    matter: bytes
    version: int
    scope: str
    adverse: tuple[str, ...]
    a_number: str
    agreed: Agreed = Agreed()
    cleared: str = ""


@dataclass(frozen=True, slots=True)
class GiveMatter:
    """To another advocate; `leaves` says that the one before no longer works on anything of this client."""

    code: str
    matter: bytes
    version: int
    to: bytes
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class MoveStage:
    """To a stage that follows. `version` is how many moves its writer has seen; scope may change beside it."""

    code: str
    matter: bytes
    version: int
    stage: str
    on: date
    why: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """How and when something was sent, what became of the fee, and which kind of address stands on it.

    `ground` names a line of the fee table, `fee_ground` says more. `address_planned` says that a warning about that
    address was read and the address planned with counsel.
    """

    on: date | None = None
    how: str = ""
    fee: str = ""
    fee_ground: str = ""
    address: str = ""
    address_planned: bool = False
    ground: str = ""


@dataclass(frozen=True, slots=True)
class AddFilings:
    """`forms` go out in one package; `incomplete` says that what is not in hand was seen and it goes out without,
    `early` that it goes out before its earliest day all the same."""

    code: str
    matter: bytes
    forms: tuple[str, ...]
    sent: Sent
    about: str = ""
    incomplete: bool = False
    early: bool = False


@dataclass(frozen=True, slots=True)
class ChangeFiling:
    code: str
    matter: bytes
    filing: bytes
    version: int
    sent: Sent
    receipt_number: str
    about: str
    why: str


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """A notice as it is read off the paper; `answer_by` is the date that it names, never one of ours."""

    type: str
    printed_on: date
    received_on: date | None = None
    came: str = "mail"
    answer_by: date | None = None
    answer_online: bool = False
    filing: bytes | None = None
    receipt_number: str = ""


@dataclass(frozen=True, slots=True)
class AddNotice:
    code: str
    matter: bytes
    words: NoticeWords


@dataclass(frozen=True, slots=True)
class CorrectNotice:
    code: str
    matter: bytes
    notice: bytes
    version: int
    words: NoticeWords
    why: str


@dataclass(frozen=True, slots=True)
class AddDate:
    """`paused` says for how many days the count stood still, where its rule lets it."""

    code: str
    matter: bytes
    rule: str
    trigger_date: date
    printed_date: date | None = None
    mailed: bool = False
    issued: date | None = None
    paused: int = 0


@dataclass(frozen=True, slots=True)
class TellMove:
    """She moved on a day: whom it must be told to, each receipt number apart; `address` stands on those forms."""

    code: str
    matter: bytes
    on: date
    address: str = ""
    address_planned: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmDate:
    code: str
    matter: bytes
    due: bytes


@dataclass(frozen=True, slots=True)
class ReplaceDate:
    """`day` None: the date no longer holds and nothing takes its place."""

    code: str
    matter: bytes
    due: bytes
    day: date | None
    why: str


@dataclass(frozen=True, slots=True)
class FinishDate:
    code: str
    matter: bytes
    due: bytes
    on: date
    what: str = ""


@dataclass(frozen=True, slots=True)
class ReopenDate:
    code: str
    matter: bytes
    due: bytes


@dataclass(frozen=True, slots=True)
class MissDate:
    """`happened` is how it came about, `done` what was done about it."""

    code: str
    matter: bytes
    due: bytes
    happened: str
    done: str


@dataclass(frozen=True, slots=True)
class AddRemedy:
    """`seen` is how many lines the register held for whoever adds one."""

    code: str
    matter: bytes
    due: bytes
    done: str
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Arrangements:
    """What is arranged around a hearing or appointment."""

    what: str = ""
    time: str = ""
    place: str = ""
    along: bytes | None = None
    also_along: str = ""
    interpreter: str = ""
    transport: str = ""
    childcare: str = ""
    bring: str = ""


@dataclass(frozen=True, slots=True)
class AddVisit:
    code: str
    matter: bytes
    day: date
    arranged: Arrangements


@dataclass(frozen=True, slots=True)
class ArrangeVisit:
    code: str
    matter: bytes
    due: bytes
    version: int
    arranged: Arrangements


@dataclass(frozen=True, slots=True)
class DecideDate:
    """Takes the day that `version` of its rule counts, or keeps the one that stands, with a reason."""

    code: str
    matter: bytes
    due: bytes
    version: int
    take: bool
    why: str
