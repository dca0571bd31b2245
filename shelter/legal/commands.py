"""What is asked of the actions: one frozen struct each, made by a form and never by hand from a request."""

from dataclasses import dataclass, field
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
class MoveStage:
    code: str
    matter: bytes
    version: int
    stage: str
    on: date
    why: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """How and when something was sent, what became of the fee, and which kind of address stands on it.

    `address_planned` says that a warning about that address was read and the address planned with counsel.
    """

    on: date | None = None
    how: str = ""
    fee: str = ""
    fee_ground: str = ""
    address: str = ""
    address_planned: bool = False


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
    code: str
    matter: bytes
    due: bytes
    done: str


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
class Gather:
    """The papers of the list that are in hand now."""

    code: str
    matter: bytes
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HandOver:
    """`to` stands in for the one who gives it, both days included."""

    to: bytes
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Write:
    """`kind` is note, draft or statement."""

    code: str
    matter: bytes
    kind: str
    title: str
    body: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """`version` is the number of the version that it was made from."""

    code: str
    matter: bytes
    writing: bytes
    version: int
    title: str
    body: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class ShowDate:
    """`words` are what her caseworker reads; the place goes along only where the advocate says so."""

    code: str
    matter: bytes
    due: bytes
    words: str
    with_place: bool = False


@dataclass(frozen=True, slots=True)
class HideDate:
    code: str
    matter: bytes
    due: bytes


@dataclass(frozen=True, slots=True)
class AddLegalFile:
    """`notice` is the notice that it is a scan of."""

    code: str
    matter: bytes
    label: str
    notice: bytes | None
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AddAsk:
    """A certification, declaration or continued presence asked of an agency; `certifier` says whose clock runs."""

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


@dataclass(frozen=True, slots=True)
class TellAsk:
    """A reminder or a word that passed about an ask."""

    code: str
    matter: bytes
    ask: bytes
    on: date
    what: str


@dataclass(frozen=True, slots=True)
class AnswerAsk:
    """`answer` is signed or refused; `on` the day of the signature or the refusal."""

    code: str
    matter: bytes
    ask: bytes
    version: int
    answer: str
    on: date
    why: str = ""


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
    back: date | None
    withdrawn: str = ""


@dataclass(frozen=True, slots=True)
class DecideDate:
    """Takes the day that `version` of its rule counts, or keeps the one that stands, with a reason."""

    code: str
    matter: bytes
    due: bytes
    version: int
    take: bool
    why: str
