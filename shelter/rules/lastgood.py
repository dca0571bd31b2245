"""If a shipped file of legal rules is bad at start, the last good ones serve, and everybody who counts by them is told.

Deadlines, types of matter, certifiers, addresses and fees name each other, so they are kept, and served, together.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Protocol

import msgspec

from shelter.rules import addresses, certifiers, fees, matters
from shelter.rules.deadlines import book, load_rules, shipped_rules
from shelter.rules.rulefile import BadRuleFile, files_in, serve_instead

NAME = "rules-last-good.json"
ROOMS: Mapping[str, Path] = {
    "deadlines": book.FOLDER,
    "matters": matters.FOLDER,
    "certifiers": certifiers.FOLDER,
    "addresses": addresses.FOLDER,
    "fees": fees.FOLDER,
}


class _Cached(Protocol):
    """What `functools.cache` makes of a function."""

    def cache_clear(self) -> None: ...


_READ_ONCE: tuple[_Cached, ...] = (
    shipped_rules,
    matters.matter_types,
    certifiers.certifiers,
    addresses.shipped,
    fees.shipped_fees,
)
_fault: list[BadRuleFile] = []

Texts = dict[str, dict[str, str]]
"""The text of every file, by room and name."""


def begin(folder: Path, rooms: Mapping[str, Path] = ROOMS) -> None:
    """Keeps the shipped files in a folder of this machine where they are good, else serves what was kept there.

    Raises BadRuleFile where they are bad and nothing was ever kept: an agency without rules does not start.
    """
    _fault.clear()
    _serve({})
    try:
        _require_good(rooms)
    except BadRuleFile as bad:
        _serve(_laid_out(folder / NAME, bad))
        _fault.append(bad)
    else:
        _keep(folder / NAME, {room: _texts(place) for room, place in rooms.items()})


def faults() -> tuple[str, ...]:
    """The key of the banner's sentence while the last good rules serve; empty otherwise."""
    return ("law.last_good",) if _fault else ()


def _require_good(rooms: Mapping[str, Path]) -> None:
    """Raises BadRuleFile at the first thing that is wrong in any of them."""
    found = load_rules(rooms["deadlines"])
    matters.load_matter_types(rooms["matters"], found)
    certifiers.load_certifiers(rooms["certifiers"], found)
    addresses.load_addresses(rooms["addresses"])
    fees.load_fees(rooms["fees"])


def _serve(folders: Mapping[Path, Path]) -> None:
    serve_instead(folders)
    for one in _READ_ONCE:
        one.cache_clear()


def _laid_out(kept: Path, bad: BadRuleFile) -> dict[Path, Path]:
    """The kept files in a folder of their own. Raises the fault of the shipped ones where these are no better."""
    place = Path(mkdtemp(prefix="rules-"))
    try:
        texts = msgspec.json.decode(kept.read_bytes(), type=Texts)
        for room, files in texts.items():
            (place / room).mkdir()
            for name, text in files.items():
                (place / room / Path(name).name).write_text(text, encoding="utf-8")
        _require_good({room: place / room for room in ROOMS})
    except (OSError, msgspec.MsgspecError, BadRuleFile):
        raise bad from None
    return {shipped: place / room for room, shipped in ROOMS.items()}


def _texts(place: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in files_in(place)}


def _keep(path: Path, texts: Texts) -> None:
    content = msgspec.json.encode(texts)
    if _same(path, content):
        return
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    fresh.replace(path)


def _same(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
