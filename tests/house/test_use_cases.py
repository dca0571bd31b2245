"""Every use-case asks whether it may and leaves a row in the trail, itself or through one that it calls."""

import ast
from pathlib import Path

import pytest

from tests.support.sources import calls, features, python_files, tree

ASKS = {"require", "allowed", "for_change"}  # policy itself, or the clients' room on its behalf
LEAVES_A_ROW = {"recorded", "record_alone"}
FILES = [
    file
    for path in features()
    for file in sorted([path / "actions.py", *(path / "actions").glob("*.py")])
    if file.exists()
]


def reached(name: str, bodies: dict[str, ast.FunctionDef], seen: set[str]) -> set[str]:
    """All names called from a function, followed through the functions of the same package."""
    for called, _ in calls(bodies[name]):
        if called not in seen:
            seen.add(called)
            if called in bodies:
                reached(called, bodies, seen)
    return seen


def bodies(path: Path) -> dict[str, ast.FunctionDef]:
    rooms = {"actions", "queries"}
    files = [other for other in python_files("shelter") if other.stem in rooms or other.parent.name in rooms]
    own = [other for other in files if other.parent == path.parent]
    trees = [tree(other) for other in (*(f for f in files if f not in own), *own)]
    return {node.name: node for parsed in trees for node in parsed.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_action_asks_and_leaves_a_row(path: Path) -> None:
    known = bodies(path)
    public = [n.name for n in tree(path).body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    reach = {name: reached(name, known, set()) for name in public}
    assert not [name for name, names in reach.items() if not (names & ASKS and names & LEAVES_A_ROW)]
