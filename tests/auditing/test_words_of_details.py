"""Whatever an act seals to the auditor has words: the code itself is asked which names it gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

import shelter
from shelter.auditing.words import DETAILS
from shelter.rules.retention import retention
from shelter.web.i18n import missing_translations

ROOM = Path(shelter.__file__).parent


def names_written() -> set[str]:
    """Names of details in calls and assignments of every file; what the clock purged is named by the rules."""
    found = {
        name for path in ROOM.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) for name in _of(node)
    }
    return found | {one.code for one in retention() if one.by == "clock"} | {"drafts"}


def _of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Assign | ast.AnnAssign):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(one, ast.Subscript) and _is_detail(one.value):
                    yield from _constants([one.slice])
                elif _is_detail(one) and node.value:
                    yield from (name for each in ast.walk(node.value) for name in _keys(each))
    elif isinstance(node, ast.Call):
        called = node.func.id if isinstance(node.func, ast.Name) else ""
        if called == "note_search":
            yield from _keys(node.args[-1])
        if called == "record_alone":
            yield from (one.arg for one in node.keywords if one.arg)


def _is_detail(node: ast.expr) -> bool:
    return "detail" in (getattr(node, "attr", ""), getattr(node, "id", ""))


def _keys(node: ast.AST) -> Iterator[str]:
    yield from _constants(node.keys if isinstance(node, ast.Dict) else [])


def _constants(nodes: Sequence[ast.expr | None]) -> Iterator[str]:
    yield from (one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, str))


def test_every_name_of_a_detail_has_words() -> None:
    names = names_written()
    assert {"pictures", "file", "taken back", "reader", "words", "asked", "sha256"} <= names
    assert sorted(names - set(DETAILS)) == []


def test_they_have_words_in_spanish_too() -> None:
    assert missing_translations("auditing") == []
