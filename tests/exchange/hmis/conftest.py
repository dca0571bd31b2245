"""What the tests of the HMIS reader share: an export on disk, a plan of it, and the folder of real input."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from shelter.exchange.hmis import Plan, build_plan, open_export
from tests.exchange.hmis.sample import Tables, as_zip, members

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 2, 1)

MakePlan = Callable[[Tables], Plan]


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[MakePlan]:
    """A plan of some tables, made through a real ZIP that stays open until the test ends."""
    with ExitStack() as open_exports:

        def plan_of(tables: Tables) -> Plan:
            path = as_zip(tmp_path / f"{len(list(tmp_path.iterdir()))}.zip", members(tables))
            return build_plan(open_exports.enter_context(open_export(path)), today=TODAY)

        yield plan_of


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real input; it is no part of the project."""
    folder = Path(os.environ.get("SHELTER_SHARED", ROOT.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the folder of real input is not here (../shared or SHELTER_SHARED)")
    return folder
