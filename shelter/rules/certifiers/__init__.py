"""Agencies that certify or declare, with the clocks that their own law sets, as data.

A clock is the id of a deadline rule for the answer. Where none is known it is left out, and the day to ask again is the
agency's own, from `remind_after`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.deadlines import RuleBook, shipped_rules
from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, placed, read

FOLDER = Path(__file__).parent

KINDS = ("supplement_b", "t_declaration", "continued_presence")


class Certifier(Sourced, frozen=True, kw_only=True):
    """A sort of agency. `clock` and `urgent` name a rule by what is asked for."""

    code: str
    label: str
    clock: Mapping[str, str] = {}
    urgent: Mapping[str, str] = {}
    remind_after: Annotated[int, msgspec.Meta(ge=1)] = 30
    advice: str = ""

    def rule(self, kind: str, urgent: bool) -> str | None:
        """The rule that counts the answer, if its law has one."""
        return (self.urgent.get(kind) if urgent else None) or self.clock.get(kind)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    certifier: tuple[Certifier, ...]


def load_certifiers(folder: Path = FOLDER, book: RuleBook | None = None) -> Mapping[str, Certifier]:
    """By code. Raises BadRuleFile, also for a clock that is no rule or a kind that is none."""
    known = (book or shipped_rules()).ids
    found: dict[str, Certifier] = {}
    for path in files_in(folder):
        for position, one in enumerate(read(path, _File).certifier):
            key = f"$.certifier[{position}]"
            if one.code in found:
                raise BadRuleFile(path.name, f"{key}.code", f"`{one.code}` appears twice")
            for kind, rule in [*one.clock.items(), *one.urgent.items()]:
                if kind not in KINDS or rule not in known:
                    raise BadRuleFile(path.name, f"{key}.clock", f"`{kind} = {rule}` is not known")
            found[one.code] = one
    return found


@cache
def certifiers() -> Mapping[str, Certifier]:
    """The shipped ones, read once."""
    return load_certifiers(placed(FOLDER))


def certifier(code: str) -> Certifier:
    """Raises Broken for one that is not there."""
    try:
        return certifiers()[code]
    except KeyError:
        raise Broken("legal.choose_certifier", field="certifier") from None
