"""The rule book: every version of every rule, and which of them holds for a trigger date.

Shipped versions come from the TOML files of this folder; an agency's own come from its database and are laid
over them.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.deadlines.compute import compute
from shelter.rules.deadlines.deadline import Deadline, Facts
from shelter.rules.deadlines.presence import AbsenceLimit
from shelter.rules.deadlines.rule import Rule, Trigger
from shelter.rules.rulefile import BadRuleFile, files_in, placed, read, read_text

FOLDER = Path(__file__).parent

Named = TypeVar("Named", Trigger, AbsenceLimit)


class _File(msgspec.Struct, forbid_unknown_fields=True):
    trigger: tuple[Trigger, ...] = ()
    rule: tuple[Rule, ...] = ()
    absence: tuple[AbsenceLimit, ...] = ()


class RuleBook:
    """All rules by id, each with its versions, oldest first. Immutable."""

    def __init__(
        self,
        rules: Iterable[Rule],
        triggers: Mapping[str, Trigger],
        absences: Mapping[str, AbsenceLimit] | None = None,
    ) -> None:
        by_id: dict[str, list[Rule]] = {}
        for rule in rules:
            by_id.setdefault(rule.id, []).append(rule)
        self._versions = {
            rule_id: tuple(sorted(versions, key=lambda rule: rule.version))
            for rule_id, versions in sorted(by_id.items())
        }
        self.triggers: Mapping[str, Trigger] = dict(triggers)
        self.absences: Mapping[str, AbsenceLimit] = dict(absences or {})

    @property
    def known(self) -> Collection[str]:
        """The ids, to ask whether one is there."""
        return self._versions.keys()

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._versions)

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """Raises Broken for an id that the book does not have."""
        try:
            return self._versions[rule_id]
        except KeyError:
            raise Broken("deadline.rule_unknown", field="rule") from None

    def in_force(self, rule_id: str, trigger_date: date) -> Rule:
        """The highest version that holds for that trigger date. Raises Broken where none does."""
        for rule in reversed(self.versions(rule_id)):
            if rule.holds_on(trigger_date):
                return rule
        raise Broken("deadline.no_version", field="trigger_date")

    def for_matter(self, matter: str, on: date) -> tuple[Rule, ...]:
        """The versions in force on a day that concern a type of matter, those for any matter included."""
        held = (self._held(rule_id, on) for rule_id in self.ids)
        return tuple(rule for rule in held if rule and (not rule.matters or matter in rule.matters))

    def deadline(self, rule_id: str, trigger_date: date, facts: Facts | None = None) -> Deadline:
        """The date by the version that holds for the trigger date. Raises Broken as `in_force` and `compute`
        do."""
        rule = self.in_force(rule_id, trigger_date)
        return compute(rule, self.triggers[rule.trigger], trigger_date, facts)

    def overlaid(self, rules: Iterable[Rule]) -> "RuleBook":
        """This book with an agency's own versions over it. Raises BadRuleFile as for a shipped file."""
        own = tuple(rules)
        taken = {(rule.id, rule.version) for versions in self._versions.values() for rule in versions}
        for position, rule in enumerate(own):
            if (rule.id, rule.version) in taken:
                raise BadRuleFile("agency", f"$.rule[{position}].version", "this version exists already")
            taken.add((rule.id, rule.version))
            _require_trigger(rule, self.triggers, "agency", position)
        shipped = [rule for versions in self._versions.values() for rule in versions]
        return RuleBook([*shipped, *own], self.triggers, self.absences)

    def _held(self, rule_id: str, on: date) -> Rule | None:
        return next((rule for rule in reversed(self._versions[rule_id]) if rule.holds_on(on)), None)


def parse_rules(text: str, file: str = "agency") -> tuple[Rule, ...]:
    """The rules of one TOML text, such as an agency's own. Raises BadRuleFile with file, key and reason."""
    return read_text(text, _File, file).rule


def load_rules(folder: Path = FOLDER) -> RuleBook:
    """The rule book of a folder. Raises BadRuleFile with file, key and reason at the first thing that is
    wrong."""
    files = [(path.name, read(path, _File)) for path in files_in(folder)]
    triggers: dict[str, Trigger] = {}
    absences: dict[str, AbsenceLimit] = {}
    for name, file in files:
        for position, trigger in enumerate(file.trigger):
            _put_once(triggers, trigger.code, trigger, name, f"$.trigger[{position}].code")
        for position, limit in enumerate(file.absence):
            _put_once(absences, limit.code, limit, name, f"$.absence[{position}].code")
    rules: list[Rule] = []
    for name, file in files:
        for position, rule in enumerate(file.rule):
            _require_trigger(rule, triggers, name, position)
            _require_place(rule, rules, name, position)
            rules.append(rule)
    return RuleBook(rules, triggers, absences)


@cache
def shipped_rules() -> RuleBook:
    """The rules of this folder, or of what serves instead, read once."""
    return load_rules(placed(FOLDER))


def _put_once(found: dict[str, Named], code: str, value: Named, file: str, key: str) -> None:
    if code in found:
        raise BadRuleFile(file, key, f"`{code}` appears twice")
    found[code] = value


def _require_trigger(rule: Rule, triggers: Mapping[str, Trigger], file: str, position: int) -> None:
    if rule.trigger not in triggers:
        raise BadRuleFile(file, f"$.rule[{position}].trigger", f"`{rule.trigger}` is not a trigger")


def _require_place(rule: Rule, before: list[Rule], file: str, position: int) -> None:
    """A version takes its place after the ones before it: a new number, later dates, the same trigger."""
    earlier = [other for other in before if other.id == rule.id]
    for other in earlier:
        if rule.version <= other.version:
            raise BadRuleFile(file, f"$.rule[{position}].version", f"`{rule.id}` has this version already")
        if other.effective_until is None or other.effective_until >= rule.effective_from:
            key = f"$.rule[{position}].effective_from"
            raise BadRuleFile(file, key, f"version {other.version} of `{rule.id}` still holds on that day")
        if other.trigger != rule.trigger:
            key = f"$.rule[{position}].trigger"
            raise BadRuleFile(file, key, f"version {other.version} of `{rule.id}` starts from another trigger")
