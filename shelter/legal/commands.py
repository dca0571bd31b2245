"""What is asked of the actions: one frozen struct each, made by a form and never by hand from a request."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """`lead` is the advocate who will answer for it; None for one who opens her own."""

    code: str
    type: str
    opened_on: date
    lead: bytes | None = None
    scope: str = ""
    adverse: tuple[str, ...] = ()
    a_number: str = ""


@dataclass(frozen=True, slots=True)
class ChangeMatter:
    """`version` is the one that the form was made from, here and below."""

    code: str
    matter: bytes
    version: int
    scope: str
    adverse: tuple[str, ...]
    a_number: str


@dataclass(frozen=True, slots=True)
class MoveStage:
    code: str
    matter: bytes
    version: int
    stage: str
    on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How and when something was sent, and what became of the fee."""

    on: date | None = None
    how: str = ""
    fee: str = ""
    fee_ground: str = ""


@dataclass(frozen=True, slots=True)
class AddFilings:
    """`forms` go out in one package."""

    code: str
    matter: bytes
    forms: tuple[str, ...]
    sent: Sent
    about: str = ""


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
    code: str
    matter: bytes
    rule: str
    trigger_date: date
    printed_date: date | None = None
    mailed: bool = False


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
