"""Words that do not belong in the tree, and a top level that does not grow."""

import re
import subprocess
from pathlib import Path

from tests.support.sources import ROOT, python_files, templates, where

TOP = {
    *("shelter", "migrations", "templates", "tests", "docs", ".ci"),
    *("config.py", "wsgi.py", "requirements.txt", "README.md", "Makefile", "pyproject.toml", ".gitignore"),
}
# Put together here, so that this file does not hold them.
LATER = "|".join(rf"\b{word}\b" for word in ("TO" + "DO", "FIX" + "ME"))
MACHINE = "|".join(f"/{top}/" for top in ("work", "root", "opt"))
FORBIDDEN = re.compile(f"{LATER}|{MACHINE}")
NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers"}
ABOUT_A_PERSON = re.compile(r"\bvict" r"ims?\b", re.I)


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_this_machine_or_is_left_for_later() -> None:
    text = {p: p.read_bytes().decode("utf-8", "ignore") for p in tracked() if not p.name.endswith("requirements.txt")}
    assert {where(p): found.group() for p, t in text.items() if (found := FORBIDDEN.search(t))} == {}


def test_the_top_level_holds_what_was_agreed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


def test_no_file_is_named_for_being_a_drawer() -> None:
    assert not [where(p) for p in python_files("shelter", "tests") if p.stem in NAMES or p.parent.name in NAMES]


def test_nobody_is_labelled_by_what_was_done_to_them() -> None:
    pages = [*templates(), *(ROOT / "shelter").rglob("*.po")]
    assert not [where(path) for path in pages if ABOUT_A_PERSON.search(path.read_text())]
