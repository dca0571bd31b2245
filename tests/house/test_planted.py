"""The import contracts are no decoration: each breaks when its violation is planted in a copy of the tree."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.sources import ROOT

PLANTED: dict[str, tuple[str, dict[str, str]]] = {
    "upward": ("layers", {"rules/planted.py": "import shelter.web"}),
    "a new drawer": ("layers", {"drawer/__init__.py": ""}),
    "a rule that knows the web": ("pure", {"policy/planted.py": "import flask"}),
    "a cipher in a page": ("ciphers", {"web/planted.py": "import cryptography"}),
    "a route that queries": ("pages", {"drawer/__init__.py": "", "drawer/routes.py": "import sqlalchemy"}),
    "a use-case that renders": (
        "use-cases",
        {"drawer/__init__.py": "", "drawer/actions.py": "import shelter.web"},
    ),
    "a circle": (
        "siblings",
        {"rules/one.py": "import shelter.rules.two", "rules/two.py": "import shelter.rules.one"},
    ),
    "a page with keys": ("keys", {"web/planted.py": "import shelter.crypto"}),
}


@pytest.fixture(scope="module")
def contracts() -> set[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return {contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]}


def test_every_contract_has_a_plant(contracts: set[str]) -> None:
    assert {contract for contract, _ in PLANTED.values()} == contracts


@pytest.mark.parametrize("plant", PLANTED)
def test_the_contract_breaks_on(plant: str, tmp_path: Path) -> None:
    contract, files = PLANTED[plant]
    shutil.copytree(ROOT / "shelter", tmp_path / "shelter", ignore=shutil.ignore_patterns("static", "translations"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, content in files.items():
        (tmp_path / "shelter" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "shelter" / name).write_text(content + "\n")
    said = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--contract", contract],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 1, said.stdout + said.stderr
    assert "BROKEN" in said.stdout
