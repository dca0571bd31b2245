"""The shipped list and mappings are whole, and a file that contradicts itself is refused."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.rules.limits import limits
from shelter.rules.picklists import picklists
from shelter.rules.rulefile import BadRuleFile
from shelter.rules.services import FOLDER, load_services, service_book
from shelter.rules.services.timing import Oddity, oddity

DAY = date(2026, 11, 20)


def test_every_line_of_the_pmt_is_counted_by_some_service() -> None:
    version = service_book().funders["ovc_pmt"].on(DAY)
    assert version is not None
    lines = {
        f"{letter}{n}" for letter, most in zip("ABCDE", (4, 10, 7, 3, 11), strict=True) for n in range(1, most + 1)
    }
    assert set(version.lines) == lines == set(version.counts.values())


def test_a_service_has_at_most_one_line_of_a_funder() -> None:
    for service in service_book().services:
        found = [line.funder for line in service_book().lines(service, DAY)]
        assert len(found) == len(set(found))


def test_funds_name_limits_and_needs_there_are() -> None:
    needs = {one.code for one in picklists()["money_needs"].choices}
    for fund in service_book().funds.values():
        assert {fund.per_person_a_year, fund.approval_over} <= set(limits())
        assert set(fund.needs) <= needs


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("list.toml", 'area = "roof"', 'area = "cellar"'),
        ("ovc_pmt.toml", 'crisis = "C1"', 'crisis = "C9"'),
        ("ovc_pmt.toml", 'crisis = "C1"', 'cries = "C1"'),
        (
            "hud.toml",
            "[[version]]",
            (
                '[[version]]\nsource = "x"\ncertainty = "K"\neffective_from = 2020-01-01\n'
                "lines = {}\ncounts = {}\n\n[[version]]"
            ),
        ),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(tmp_path: Path, file: str, old: str, new: str) -> None:
    for path in FOLDER.glob("*.toml"):
        shutil.copy(path, tmp_path)
    text = (tmp_path / file).read_text()
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new))
    with pytest.raises(BadRuleFile):
        load_services(tmp_path)


days = st.integers(-400, 40).map(lambda n: DAY + timedelta(days=n))
stays = st.lists(st.tuples(days, st.none() | st.integers(0, 60)), max_size=3)


@given(day=days, intake=st.none() | days, spans=stays)
def test_a_day_is_unusual_exactly_when_it_lies_outside_what_is_known(
    day: date, intake: date | None, spans: list[tuple[date, int | None]]
) -> None:
    known = [(first, None if n is None else first + timedelta(days=n)) for first, n in spans]
    found = oddity(day, DAY, intake, known)
    inside = any(first <= day <= (until or DAY) for first, until in known)
    if day > DAY:
        assert found is Oddity.FUTURE
    elif inside or (not known and (intake is None or day >= intake)):
        assert found is Oddity.NONE
    else:
        assert found.needs_why
