"""Every word that the desk's rooms seal was a canary in the day that the thief carries off: a new field fails here."""

import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from shelter.db import sections
from shelter.db.sections import INVENTORY, Section
from tests.factories.agency import World
from tests.thief.canaries import CANARIES

ROOMS = ("stays", "desk", "course")
NO_WORDS = {
    "stay_exit.leaving": {"destination", "safety_plan", "safe_after", "exit_talk", "keep", "skipped"},
    "stay_correction.correction": {"beds"},
    "intake_item.told": {"alert", "birth.precision", "skipped"},
    "incident.report": {"kind", "people", "before.was.kind", "before.was.people"},
    "door_entry.entry": {"kind", "before.kind"},
    "door_entry.whom": {"people", "stood"},
    "kept_thing.thing": {"kind", "before.kind", "moves.move"},
    "conflict_check.findings": {"found.ref", "found.what"},
    "turned_away.request": {"reason", "before.why"},
    "waiting.request": {"channel", "danger", "needs"},
    "roll_mark.mark": {"steps.step"},
    "coming.expected": {"state", "turns.state"},
    "extension.more_time": {"decision"},
    "follow_up.afterwards": {"calls.state", "stopped"},
}
"""Fields that hold a code of a list, a code of a person, an id, or where a bed stands: never a word of anybody."""


def word_fields(kind: Any, inside: tuple[Any, ...] = ()) -> Iterator[str]:
    """Paths of all text in a struct; a struct inside itself (what stood before) is one path."""
    if kind is str:
        yield ""
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind in inside:
            yield ""
            return
        for name, of in typing.get_type_hints(kind).items():
            for path in word_fields(of, (*inside, kind)):
                yield f"{name}.{path}".rstrip(".")
    else:
        for of in typing.get_args(kind)[1 if typing.get_origin(kind) is dict else 0 :]:
            yield from word_fields(of, inside)


def said_at(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a sealed value with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from said_at(getattr(value, name), f"{path}.{name}".lstrip("."))
    elif isinstance(value, dict):
        for one in value.values():
            yield from said_at(one, path)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from said_at(one, path)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Paths of a section that held a canary when it was sealed."""
    held: dict[str, set[str]] = {}
    seal = sections._seal

    def listening(keyring: Any, section: Section[Any], row: Any, value: Any, *more: Any) -> bytes:
        paths = held.setdefault(f"{section.table}.{section.name}", set())
        paths |= {path for path, text in said_at(value) if any(word in text for word in CANARIES.values())}
        return seal(keyring, section, row, value, *more)

    monkeypatch.setattr(sections, "_seal", listening)
    return held


def test_every_word_that_the_desks_rooms_seal_was_a_canary(sealed: dict[str, set[str]], at_work: World) -> None:
    missing = {}
    for (table, name), section in INVENTORY.items():
        if section.struct.__module__.split(".")[1] in ROOMS:
            asked = set(word_fields(section.struct)) - NO_WORDS.get(f"{table}.{name}", set())
            held = sealed.get(f"{table}.{name}", set())
            bare = {path for path in asked if not any(one == path or one.startswith(f"{path}.") for one in held)}
            if bare:
                missing[f"{table}.{name}"] = bare
    assert missing == {}


def test_no_field_is_excused_that_is_not_there() -> None:
    known = {f"{table}.{name}": set(word_fields(section.struct)) for (table, name), section in INVENTORY.items()}
    assert {one: paths - known[one] for one, paths in NO_WORDS.items() if paths - known[one]} == {}
