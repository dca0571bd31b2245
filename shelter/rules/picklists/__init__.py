"""Default pick lists and the purpose of every question, shipped as data; an agency's own wording lives in
its database.

Codes are stable and go into sealed records; labels are English source texts, translated where they are
shown.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.rulefile import BadRuleFile, files_in, read, require_unique

FOLDER = Path(__file__).parent

Compartment = Literal["identity", "shelter", "advocacy", "documents", "legal"]


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One value of a list. `hud` is HUD's code for it, `iso639_2` the wider code that HTCDS asks for a
    language."""

    code: str
    label: str
    hint: str = ""
    hud: int | None = None
    iso639_2: str = ""


class PickList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A list of choices. `open` says that a person's own words may stand beside it; `several` that many may
    be true."""

    code: str
    label: str
    source: str
    choices: tuple[Choice, ...]
    open: bool = False
    several: bool = False

    def choice(self, code: str) -> Choice:
        """Raises KeyError for a code that this list does not have."""
        for choice in self.choices:
            if choice.code == code:
                return choice
        raise KeyError(code)


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Why a field is asked and who will see the answer. `hard` questions offer the skip reasons;
    `starts_off` fields are hidden until an agency's funder asks for them."""

    field: str
    question: str
    why_we_ask: str
    who_will_see: str
    compartment: Compartment
    hard: bool = False
    starts_off: bool = False


class _Lists(msgspec.Struct, forbid_unknown_fields=True):
    list: tuple[PickList, ...] = ()
    field: tuple[Purpose, ...] = ()


def load_picklists(folder: Path = FOLDER) -> Mapping[str, PickList]:
    """Every list of a folder by code. Raises BadRuleFile, also for a code used twice or an empty list."""
    found: dict[str, PickList] = {}
    for path in files_in(folder):
        for position, picklist in enumerate(read(path, _Lists).list):
            if picklist.code in found:
                raise BadRuleFile(path.name, f"$.list[{position}].code", f"`{picklist.code}` appears twice")
            if not picklist.choices:
                raise BadRuleFile(path.name, f"$.list[{position}].choices", "a list without choices")
            codes = [choice.code for choice in picklist.choices]
            require_unique(codes, path.name, f"list[{position}].choices")
            found[picklist.code] = picklist
    return found


def load_purposes(folder: Path = FOLDER) -> Mapping[str, Purpose]:
    """Every field's purpose by the field's name. Raises BadRuleFile for a bad file or a field named twice."""
    found: dict[str, Purpose] = {}
    for path in files_in(folder):
        for position, purpose in enumerate(read(path, _Lists).field):
            if purpose.field in found:
                raise BadRuleFile(path.name, f"$.field[{position}].field", f"`{purpose.field}` appears twice")
            found[purpose.field] = purpose
    return found


@cache
def picklists() -> Mapping[str, PickList]:
    """The shipped lists, read once."""
    return load_picklists()


@cache
def purposes() -> Mapping[str, Purpose]:
    """The shipped purposes, read once."""
    return load_purposes()
