"""What a higher room has for the legal staff's day, beside the dates of matters."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shelter.policy.actor import Actor


@dataclass(frozen=True, slots=True)
class Beside:
    """One line: whose, what, on which day; `endpoint` with `ids` is the page where something is done about it."""

    code: str
    called: str
    words: Any
    day: date | None
    endpoint: str
    ids: Mapping[str, Any] = field(default_factory=dict)


_read: dict[str, tuple[Any, Callable[[Actor], Sequence[Beside]]]] = {}


def register_beside(name: str, title: Any, read: Callable[[Actor], Sequence[Beside]]) -> None:
    """Called by a higher feature; it reads through its own queries, so that scope, keys and trail are its own."""
    _read[name] = (title, read)


def beside(actor: Actor) -> list[tuple[Any, Sequence[Beside]]]:
    """The groups that have lines, each with its heading."""
    return [(title, lines) for title, read in _read.values() if (lines := read(actor))]
