"""The room itself: what it may know, and that its errors stay one."""

import ast
import sys
from pathlib import Path

import shelter.crypto

FOLDER = Path(shelter.crypto.__file__).parent
ALLOWED = {"cryptography", "msgspec", "shamir_mnemonic", "shelter"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_room_imports_the_standard_library_and_what_it_is_built_on_alone() -> None:
    for path in FOLDER.glob("*.py"):
        for name in imported(path):
            top = name.partition(".")[0]
            assert top in ALLOWED or top in sys.stdlib_module_names, (path.name, name)
            assert top != "shelter" or name.startswith("shelter.crypto"), (path.name, name)


def test_no_module_takes_the_time_from_a_clock_or_chance_from_a_seed() -> None:
    for path in FOLDER.glob("*.py"):
        assert not imported(path) & {"random", "datetime"}, path.name
        assert "time.time" not in path.read_text(), path.name
