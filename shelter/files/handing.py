"""Her own file to take along: the readable part, and beside it each scan that its giver may open, under one passphrase.

Nothing of it lies in clear anywhere, one file is open at a time, and members are called by kind and number.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from shelter.crypto.words import generate_passphrase
from shelter.files.packing import Member, packed
from shelter.files.queries import FileView, Spoiled, content, of_everything
from shelter.policy.actor import Actor
from shelter.policy.acts import Act

_WORDS = 6
"""Drawn words of a passphrase that is handed to her: 77 bits, since the format of such archives counts few rounds."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing beside the readable file: its name in the archive, what it shows, its day, and what opens it."""

    name: str
    label: Any
    day: date
    parts: Callable[[], Iterable[bytes]]


EnclosuresOf = Callable[[Actor, str], list[Enclosed]]
_rooms: dict[Act, list[EnclosuresOf]] = {}


def register_enclosures(part: Act, enclosures: EnclosuresOf) -> None:
    """Called by a feature: what it lays beside a part of her file. It reads through its own queries."""
    _rooms.setdefault(part, []).append(enclosures)


def passphrase_to_hand() -> str:
    return generate_passphrase(_WORDS)


def archive(actor: Actor, code: str, part: Act, document: bytes, passphrase: str, unopened: str) -> BinaryIO:
    """The readable file and what stands beside it; `part` is the act that the caller has asked for.

    A scan that does not open says `unopened` in its place: she gets all the others. Raises `Broken` where it would be
    too large, and `Away`.
    """
    return packed(_members(actor, code, part, document, unopened), passphrase)


def _members(actor: Actor, code: str, part: Act, document: bytes, unopened: str) -> Iterator[Member]:
    yield "file.pdf", lambda: [document]
    for one in (one for room in _rooms.get(part, ()) for one in room(actor, code)):
        yield _opened(one, unopened)


def _opened(one: Enclosed, unopened: str) -> Member:
    """What opens is proved whole before its name is written, so a spoiled one can still be called something else."""
    try:
        parts = one.parts()
    except Spoiled:
        return f"{one.name}.txt", lambda: [unopened.encode()]
    return one.name, lambda: parts


def enclosed(name: str, label: Any, file: FileView, read: Callable[[], tuple[FileView, Iterator[bytes]]]) -> Enclosed:
    return Enclosed(f"{name}.{file.ending}", label, file.added_at.date(), lambda: read()[1])


def scans(actor: Actor, code: str) -> list[Enclosed]:
    """Each file of her papers, earlier ones too, in the order in which they came.

    What was sent untouched stays with counsel: it may say where it was taken, and this leaves the house.
    """
    files = enumerate(of_everything(actor, code), 1)
    return [enclosed(f"scan-{n}", one.label, one, partial(content, actor, code, one.id)) for n, one in files]


register_enclosures(Act.CLIENTS_COPY, scans)
