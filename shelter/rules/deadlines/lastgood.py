"""If a shipped rule file is bad at start, the last good rules serve, and everybody who counts by them is told."""

import os
from pathlib import Path

import msgspec

from shelter.rules.deadlines.book import RuleBook, load_rules, serve_instead
from shelter.rules.deadlines.presence import AbsenceLimit
from shelter.rules.deadlines.rule import Rule, Trigger
from shelter.rules.rulefile import BadRuleFile

NAME = "rules-last-good.json"
_fault: list[BadRuleFile] = []


class _Kept(msgspec.Struct):
    rules: tuple[Rule, ...]
    triggers: dict[str, Trigger]
    absences: dict[str, AbsenceLimit]


def begin(folder: Path, shipped: Path | None = None) -> None:
    """Keeps the shipped rules in a folder of this machine where they are good, else serves what was kept there.

    Raises BadRuleFile where they are bad and nothing was ever kept: an agency without rules does not start.
    """
    _fault.clear()
    serve_instead(None)
    try:
        book = load_rules(shipped) if shipped else load_rules()
    except BadRuleFile as bad:
        kept = _read(folder / NAME)
        if kept is None:
            raise
        _fault.append(bad)
        serve_instead(RuleBook(kept.rules, kept.triggers, kept.absences))
        return
    _write(folder / NAME, book)


def faults() -> tuple[str, ...]:
    """The key of the banner's sentence while the last good rules serve; empty otherwise."""
    return ("law.last_good",) if _fault else ()


def _read(path: Path) -> _Kept | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Kept)
    except (OSError, msgspec.MsgspecError):
        return None


def _write(path: Path, book: RuleBook) -> None:
    rules = tuple(rule for rule_id in book.ids for rule in book.versions(rule_id))
    text = msgspec.json.encode(_Kept(rules, dict(book.triggers), dict(book.absences)))
    if _same(path, text):
        return
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
    fresh.replace(path)


def _same(path: Path, text: bytes) -> bool:
    try:
        return path.read_bytes() == text
    except OSError:
        return False
