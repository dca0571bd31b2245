"""Feature packages have one shape: who knows one of them finds everything in the next."""

import re

import pytest

from tests.support.sources import ROOT, features

SHAPE = {"__init__", "models", "queries", "actions", "forms", "routes", "facts"}
# Rooms whose work is not form after form: their files are named for their subjects.
OWN_SHAPE = {"accounts", "exchange", "files", "reports", "sheets", "stewards"}
MOST_BEYOND = 4  # subjects with a file of their own; a feature with more of them is two features
PACKAGES = [path.name for path in features() if path.name not in OWN_SHAPE]


def names(package: str) -> set[str]:
    folder = ROOT / "shelter" / package
    files = {path.stem for path in folder.iterdir() if path.suffix == ".py"}
    return files | {path.name for path in folder.iterdir() if (path / "__init__.py").exists()}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_feature_has_the_agreed_files_and_few_others(package: str) -> None:
    beyond = names(package) - SHAPE
    assert len(beyond) <= MOST_BEYOND, sorted(beyond)
    assert not [name for name in beyond if re.search(r"\d$|^more_|_more$|^other_", name)]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_feature_with_pages_reads_through_queries(package: str) -> None:
    assert "queries" in names(package) or "routes" not in names(package)
