"""One typed TOML file of rules, read strictly: an unknown key, a wrong type or a missing value refuses the
whole file.

Law and funders' rules enter the program here and nowhere else; nothing about a person ever stands in such a
file.
"""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from shelter.rules.broken import Broken

Certainty = Literal["V", "T", "K", "C"]
"""How sure a rule is: V read in the source named, T read in a third party's text, K general knowledge,
unconfirmed, C sources disagree or it changed lately."""

TO_BE_CONFIRMED: frozenset[Certainty] = frozenset({"K", "C"})

Table = TypeVar("Table")


class BadRuleFile(Broken):
    """A file of rules was refused. `file` is its name, `key` the place in it (`$.rule[2].count`), `reason`
    why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__("rulefile.refused", values={"file": file, "key": key, "reason": reason})
        self.file = file
        self.key = key
        self.reason = reason


class Sourced(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every rule carries: where it was read, how sure that is, and from which day on it holds.

    `effective_until` is the last day it holds; None while it is in force.
    """

    source: str
    certainty: Certainty
    effective_from: date
    effective_until: date | None = None

    @property
    def to_be_confirmed(self) -> bool:
        """Shown on screen as "to be confirmed by counsel"; the agency may change it."""
        return self.certainty in TO_BE_CONFIRMED

    def holds_on(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)


_PLACE = re.compile(r" - at `(?P<key>\$[^`]*)`$")


def read_text(text: str, kind: type[Table], file: str) -> Table:
    """The table that a TOML text holds. Raises BadRuleFile with the place that msgspec or the TOML reader
    names."""
    try:
        return msgspec.toml.decode(text, type=kind)
    except msgspec.ValidationError as error:
        said = str(error)
        place = _PLACE.search(said)
        raise BadRuleFile(file, place["key"] if place else "$", _PLACE.sub("", said)) from None
    except msgspec.DecodeError as error:
        raise BadRuleFile(file, "$", str(error)) from None


def read(path: Path, kind: type[Table]) -> Table:
    """The table of one file. Raises BadRuleFile, also where the file is missing or is not UTF-8."""
    try:
        return read_text(path.read_text(encoding="utf-8"), kind, path.name)
    except FileNotFoundError:
        raise BadRuleFile(path.name, "$", "the file is missing") from None
    except UnicodeDecodeError:
        raise BadRuleFile(path.name, "$", "the file is not UTF-8") from None


_instead: dict[Path, Path] = {}


def placed(folder: Path) -> Path:
    """The folder itself, or where good files lie that serve in its place."""
    return _instead.get(folder, folder)


def serve_instead(folders: Mapping[Path, Path]) -> None:
    """From now on these are read in place of the shipped ones, which were found bad; none of them gives those back."""
    _instead.clear()
    _instead.update(folders)


def files_in(folder: Path) -> list[Path]:
    """The TOML files of a folder by name. Raises BadRuleFile where there is none: an empty rule book decides
    nothing."""
    found = sorted(folder.glob("*.toml"))
    if not found:
        raise BadRuleFile(folder.name, "$", "no rule file in this folder")
    return found


def require_unique(codes: list[str], file: str, key: str) -> None:
    """Raises BadRuleFile at the first code that appears twice."""
    seen: set[str] = set()
    for position, code in enumerate(codes):
        if code in seen:
            raise BadRuleFile(file, f"$.{key}[{position}]", f"`{code}` appears twice")
        seen.add(code)
