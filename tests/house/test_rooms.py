"""Feature packages have one shape: who knows one of them finds everything in the next."""

import pytest

from tests.support.sources import ROOT, features

SHAPE = {"__init__", "models", "queries", "actions", "forms", "routes"}
# Rooms whose work is not form after form: their files are named for their subjects.
OWN_SHAPE = {"accounts", "exchange", "files", "reports", "stewards"}
# What a feature has beyond the shape. An entry whose file is gone must go too.
BEYOND: dict[str, set[str]] = {
    "clients": {"scope"},  # whom one may find, as SQL: every feature about a client selects through it
}


@pytest.mark.parametrize("package", [path.name for path in features() if path.name not in OWN_SHAPE])
def test_a_feature_has_the_agreed_files_and_no_others(package: str) -> None:
    folder = ROOT / "shelter" / package
    files = {path.stem for path in folder.iterdir() if path.suffix == ".py"}
    rooms = {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}
    assert (files | rooms) - SHAPE == BEYOND.get(package, set())
