"""An agency's own mappings over the shipped ones: found by the day of an entry, whatever was decided when."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shelter.rules.broken import Broken
from shelter.rules.performance import Event, History, Someone, Window, count, form_of
from shelter.rules.services import service_book
from shelter.rules.services.own import OwnFund, OwnService, overlaid, require_fund, require_service

BOOK = service_book()
START, TODAY = date(2025, 9, 1), date(2026, 11, 20)
CODES = ("transport", "childcare", "own_garden", "own_choir")
DAYS = some.integers(0, 500).map(lambda days: START + timedelta(days=days))
LINES = {code: sorted(funder.version[-1].lines) for code, funder in BOOK.funders.items()}


@some.composite
def versions(draw: Any) -> OwnService:
    funders = draw(some.sets(some.sampled_from(sorted(LINES))))
    counts = {funder: draw(some.sampled_from(LINES[funder])) for funder in sorted(funders)}
    code = draw(some.sampled_from(CODES))
    return OwnService(code=code, labels={"en": code}, area="support", counts=counts, effective_from=draw(DAYS))


def expected(made: list[OwnService], code: str, funder: str, day: date) -> str | None:
    """By the words of the rule: the last that was made and holds on the day, else what is shipped."""
    version = BOOK.funders[funder].on(day)
    if version is None:
        return None
    mine = [one for one in made if one.code == code and one.effective_from <= day]
    return mine[-1].counts.get(funder) if mine else version.counts.get(code)


@given(some.lists(versions(), max_size=6), DAYS)
def test_the_last_that_was_made_and_holds_on_the_day_counts(made: list[OwnService], day: date) -> None:
    book = overlaid(BOOK, made, [])
    for code in {*CODES, "crisis", "compensation"}:
        found = {line.funder: line for line in book.lines(code, day)}
        for funder, known in BOOK.funders.items():
            line = found.get(known.label)
            assert (line.code if line else None) == expected(made, code, funder, day)
            shipped = known.on(day)
            if line is not None and shipped is not None:
                assert line.own == (shipped.counts.get(code) != line.code)


@given(some.lists(versions(), max_size=6), some.lists(versions(), max_size=3))
def test_what_is_decided_later_leaves_every_earlier_day_as_it_was(
    made: list[OwnService], later: list[OwnService]
) -> None:
    before, after = overlaid(BOOK, made, []), overlaid(BOOK, [*made, *later], [])
    first = min((one.effective_from for one in later), default=TODAY)
    for days in range(1, 400, 13):
        day = first - timedelta(days=days)
        for code in CODES:
            assert before.lines(code, day) == after.lines(code, day)


@given(some.lists(versions(), max_size=6))
def test_no_two_versions_of_a_funder_hold_on_one_day(made: list[OwnService]) -> None:
    for funder in overlaid(BOOK, made, []).funders.values():
        ordered = sorted(funder.version, key=lambda one: one.effective_from)
        for earlier, later in pairwise(ordered):
            assert earlier.effective_until is not None
            assert earlier.effective_until < later.effective_from


def test_a_funders_form_counts_each_entry_by_the_mapping_of_its_own_day() -> None:
    own = OwnService(code="transport", area="alongside", counts={"ovc_pmt": "B4"}, effective_from=date(2026, 2, 1))
    days = (date(2026, 1, 31), date(2026, 2, 1))
    keys = {"service": frozenset({"transport"}), "setting": frozenset({"single"})}
    rides = [
        Event(source=str(day), what="service", day=day, person="ana", keys=keys, amounts={"times": 1}) for day in days
    ]
    history = History(people={"ana": Someone(id="ana")}, events=tuple(rides), services=overlaid(BOOK, [own], []))
    told = {
        (one.row, one.column): one.sources
        for one in count(form_of("ovc_pmt").version[0], history, Window(2026, 2))
        if one.sources and one.row in ("B4", "B9")
    }
    assert {sources for (row, _), sources in told.items() if row == "B9"} == {frozenset({"2026-01-31"})}
    assert {sources for (row, _), sources in told.items() if row == "B4"} == {frozenset({"2026-02-01"})}


def service(**said: Any) -> OwnService:
    return OwnService(
        **({"code": "own_choir", "labels": {"en": "Choir"}, "area": "support", "effective_from": TODAY} | said)
    )


def fund(**said: Any) -> OwnFund:
    return OwnFund(**({"code": "own_gift", "labels": {"en": "Gifts"}, "needs": ("food",), "limits": (300, 50)} | said))


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (service(labels={"en": ""}), "label_en"),
        (service(labels={"en": "Choir", "es": "SUPPORT group"}), "label_es"),
        (service(area="moon"), "area"),
        (service(counts={"ovc_pmt": "Z9"}), "line_ovc_pmt"),
        (service(code="transport", effective_from=TODAY - timedelta(days=1)), "why"),
    ],
)
def test_a_service_that_does_not_fit_is_refused_beside_the_field(one: OwnService, field: str) -> None:
    with pytest.raises(Broken) as broken:
        require_service(BOOK, one, TODAY)
    assert broken.value.field == field


def test_days_that_have_passed_need_a_reason_only_where_they_would_be_counted_otherwise() -> None:
    past = TODAY - timedelta(days=40)
    require_service(BOOK, service(effective_from=past), TODAY)
    require_service(BOOK, service(code="transport", effective_from=past, why="read it wrongly"), TODAY)
    same = {
        code: funder.version[-1].counts["transport"]
        for code, funder in BOOK.funders.items()
        if "transport" in funder.version[-1].counts
    }
    require_service(BOOK, service(code="transport", effective_from=past, counts=same), TODAY)


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (fund(labels={}), "label_en"),
        (fund(needs=()), "needs"),
        (fund(needs=("yacht",)), "needs"),
        (fund(limits=None), "a_year"),
        (fund(limits=(50, 300)), "approval_over"),
        (fund(code="emergency", labels={}), "a_year"),
    ],
)
def test_a_fund_that_does_not_fit_is_refused_beside_the_field(one: OwnFund, field: str) -> None:
    with pytest.raises(Broken) as broken:
        require_fund(BOOK, one)
    assert broken.value.field == field
