"""Agencies that certify or declare, with the clocks that their own law sets, as data.

A clock is the id of a deadline rule for the answer. Where none is known it is left out, and the day to ask again is the
agency's own, from `remind_after`. What an agency writes of one brings the rules that count it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec.structs import replace

from shelter.rules.deadlines import Rule, RuleBook, shipped_rules
from shelter.rules.rulefile import BadRuleFile, Sourced, files_in, placed, read

FOLDER = Path(__file__).parent

KINDS = ("supplement_b", "t_declaration", "continued_presence")


class Certifier(Sourced, frozen=True, kw_only=True):
    """One version of a sort of agency. `clock` and `urgent` name a rule by what is asked for.

    `counted` are versions of those rules that hold with it; a shipped one finds them all in the rule book.
    """

    code: str
    version: Annotated[int, msgspec.Meta(ge=1)] = 1
    label: str
    clock: Mapping[str, str] = {}
    urgent: Mapping[str, str] = {}
    remind_after: Annotated[int, msgspec.Meta(ge=1)] = 30
    advice: str = ""
    counted: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ValueError("`label` is empty")
        if not self.source.strip():
            raise ValueError("`source` is empty")
        if self.effective_until is not None and self.effective_until < self.effective_from:
            raise ValueError("`effective_until` is before `effective_from`")

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
            require_known(one, known, path.name, key)
            found[one.code] = one
    return found


def require_known(one: Certifier, rules: Collection[str], file: str = "agency", key: str = "$") -> None:
    """Raises BadRuleFile for a clock that is no rule, or for something that is asked of nobody."""
    for kind, rule in [*one.clock.items(), *one.urgent.items()]:
        if kind not in KINDS or rule not in rules:
            raise BadRuleFile(file, f"{key}.clock", f"`{kind} = {rule}` is not known")


def held_on(versions: Iterable[Certifier], on: date) -> Certifier:
    """The latest version that holds on a day; where none does, the latest without its clocks: none of them runs yet."""
    known = tuple(versions)
    for one in reversed(known):
        if one.holds_on(on):
            return one
    return replace(known[-1], clock={}, urgent={}, counted=())


@cache
def certifiers() -> Mapping[str, Certifier]:
    """The shipped ones, read once."""
    return load_certifiers(placed(FOLDER))
