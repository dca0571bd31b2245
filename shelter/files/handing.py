"""Her own file to take along: the readable part, and beside it each scan that its giver may open, under one passphrase.

Nothing of it lies in clear anywhere, one file is open at a time, and members are called by kind and number.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, BinaryIO

from shelter.clients.queries import apart_from_the_kept, codes_of_hers
from shelter.crypto.words import generate_passphrase
from shelter.files.packing import MOST, Member, packed
from shelter.files.queries import FileView, Spoiled, content, of_everything
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.web.times import day_of

VOLUME = MOST - (128 << 20)
"""Bytes of scans in one archive: the readable file, names and sums have room beside them. A scan is far smaller."""
_WORDS = 6
"""Drawn words of a passphrase that is handed to her: 77 bits, since the format of such archives counts few rounds."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One thing beside the readable file: its name in the archive, what it shows, its day, what opens it, its bytes."""

    name: str
    label: Any
    day: date
    parts: Callable[[], Iterable[bytes]]
    size: int = 0


EnclosuresOf = Callable[[Actor, str], list[Enclosed]]
_rooms: dict[Act, list[EnclosuresOf]] = {}


def register_enclosures(part: Act, enclosures: EnclosuresOf) -> None:
    """Called by a feature: what it lays beside a part of her file. It reads through its own queries."""
    _rooms.setdefault(part, []).append(enclosures)


def passphrase_to_hand() -> str:
    return generate_passphrase(_WORDS)


def volumes(actor: Actor, code: str, part: Act) -> list[list[Enclosed]]:
    """What stands beside the readable file, of all her records, in as many archives as it takes, none over `VOLUME`.

    `part` is the act that the caller has asked for. There is one archive at least.
    """
    found: list[list[Enclosed]] = [[]]
    filled = 0
    for hers in codes_of_hers(actor, code, part):
        for one in (one for room in _rooms.get(part, ()) for one in room(actor, hers)):
            if found[-1] and filled + one.size > VOLUME:
                found.append([])
                filled = 0
            found[-1].append(one)
            filled += one.size
    return found


def archive(document: bytes, beside: Iterable[Enclosed], passphrase: str, unopened: str) -> BinaryIO:
    """The readable file (nothing in a later volume) and what stands beside it.

    A scan that does not open says `unopened` in its place: she gets all the others. Raises `Broken` where it would be
    too large, and `Away`.
    """
    first: list[Member] = [("file.pdf", lambda: [document])] if document else []
    return packed(chain(first, (_opened(one, unopened) for one in beside)), passphrase)


def _opened(one: Enclosed, unopened: str) -> Member:
    """What opens is proved whole before its name is written, so a spoiled one can still be called something else."""
    try:
        parts = one.parts()
    except Spoiled:
        return f"{one.name}.txt", lambda: [unopened.encode()]
    return one.name, lambda: parts


def enclosed(name: str, label: Any, file: FileView, read: Callable[[], tuple[FileView, Iterator[bytes]]]) -> Enclosed:
    return Enclosed(f"{name}.{file.ending}", label, day_of(file.added_at), lambda: read()[1], file.size)


def scans(actor: Actor, code: str) -> list[Enclosed]:
    """Each file of her papers, earlier ones too, in the order in which they came.

    What was sent untouched stays with counsel: it may say where it was taken, and this leaves the house.
    """
    files, apart = enumerate(of_everything(actor, code), 1), apart_from_the_kept(code)
    return [enclosed(f"{apart}scan-{n}", one.label, one, partial(content, actor, code, one.id)) for n, one in files]


register_enclosures(Act.CLIENTS_COPY, scans)
