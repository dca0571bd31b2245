"""What is asked of the actions under the privilege, of papers made, and of a hand-over."""

from dataclasses import dataclass, field
from datetime import date


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
    """`kind` is note, draft or statement; `paper` the identity paper that it is about."""

    code: str
    matter: bytes
    kind: str
    title: str
    body: str
    why: str = ""
    paper: bytes = b""


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
class MakePaper:
    """`release` None: for herself or our own file. Else it goes to that recipient, by this way."""

    code: str
    matter: bytes
    kind: str
    release: bytes | None
    method: str
