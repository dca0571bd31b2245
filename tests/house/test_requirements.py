"""What is installed is what was reviewed: pinned, hashed, naming no place, and all of it declared."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.support.sources import ROOT, imported, python_files

FILES = ("requirements.txt", "tests/requirements.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def names(lines: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~; ]", line)[0].lower().replace("_", "-") for line in lines}


@pytest.mark.parametrize("file", FILES)
def test_every_requirement_is_pinned_and_hashed_and_names_no_place(file: str) -> None:
    text = (ROOT / file).read_text()
    pins = re.findall(r"^[\w.-]+==[^\\]*\\\n(?:\s+--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+", text, re.M)
    assert pins
    assert not re.sub(r"\s+# via.*", "", re.sub("|".join(map(re.escape, pins)), "", text)).strip()
    assert not re.search(r"://|^-|file:", text, re.M)


def test_what_is_declared_is_what_is_pinned() -> None:
    pinned = {file: names((ROOT / file).read_text().splitlines()) for file in FILES}
    assert names(PROJECT["dependencies"]) <= pinned[FILES[0]] <= pinned[FILES[1]]
    assert names(PROJECT["optional-dependencies"]["test"]) <= pinned[FILES[1]]


def test_every_import_of_the_application_is_declared() -> None:
    sources = python_files("shelter", "config.py", "wsgi.py")
    tops = {name.split(".")[0] for path in sources for name, _ in imported(path)}
    ours = {"shelter", "config", "wsgi", *sys.stdlib_module_names}
    owners = packages_distributions()
    used = {owner.lower().replace("_", "-") for top in tops - ours for owner in owners.get(top, [top])}
    allowed = {"werkzeug", "markupsafe", "jinja2", "click", "babel"}  # Flask's own parts
    assert used <= names(PROJECT["dependencies"]) | allowed
