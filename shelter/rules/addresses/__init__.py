"""Which forms do not take which kind of address, as data: a warning before a paper goes out, never after.

None of it is legal advice; an agency's counsel plans the address with the person.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.rulefile import Sourced, files_in, placed, read

FOLDER = Path(__file__).parent

Kind = Literal["office", "confidential", "shelter", "care_of", "home", "last_shared"]
"""office: a lawyer's or this agency's public office. confidential: a state's address confidentiality program.
last_shared: where she last lived with the one she fled."""


class Refused(Sourced, frozen=True, kw_only=True):
    """An address that a form may not take; `form` "*" means any. `key` names the sentence shown beside the field."""

    form: str
    address: Kind
    key: str


class _File(msgspec.Struct, forbid_unknown_fields=True):
    refused: tuple[Refused, ...]


def load_addresses(folder: Path = FOLDER) -> tuple[Refused, ...]:
    """Every warning of a folder. Raises BadRuleFile with file, key and reason."""
    return tuple(one for path in files_in(folder) for one in read(path, _File).refused)


@cache
def shipped() -> tuple[Refused, ...]:
    """The shipped warnings, read once."""
    return load_addresses(placed(FOLDER))


def warning(form: str, address: str, on: date) -> Refused | None:
    """What is known against this kind of address on this form, the form's own warning before a general one."""
    code = form.split(" ")[0]
    known = [one for one in shipped() if one.address == address and one.form in (code, "*") and one.holds_on(on)]
    return min(known, key=lambda one: one.form == "*", default=None)
