"""A cell is read as what it plainly is, or not at all."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.exchange.hmis.cells import (
    Value,
    cell_reader,
    read_date,
    read_instant,
    read_integer,
    read_money,
)
from shelter.exchange.hmis.layout import layout_of
from shelter.exchange.hmis.problems import Reason

BAD_DATE = Reason.UNREADABLE_DATE


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("2024-02-29", date(2024, 2, 29), None),
        ("2024-02-29 23:59:59", date(2024, 2, 29), None),
        ("2024-02-29T23:59:59.123", date(2024, 2, 29), None),
        ("2/9/2024", date(2024, 2, 9), Reason.READ_AS),
        ("02/09/2024 8:05", date(2024, 2, 9), Reason.READ_AS),
        ("2023-02-29", None, BAD_DATE),
        ("03-11-21", None, BAD_DATE),
        ("3/11/21", None, BAD_DATE),
        ("13/1/2024", None, BAD_DATE),
        ("20240229", None, BAD_DATE),
        ("2024-2-9", None, BAD_DATE),
        ("0201-01-01", None, BAD_DATE),
        ("9999-12-31", None, BAD_DATE),
        ("2024-02-29 25:00:00", None, BAD_DATE),
        ("٢٠٢٤-٠٢-٢٩", None, BAD_DATE),
        ("45351", None, BAD_DATE),
    ],
)
def test_dates(text: str, value: date | None, reason: Reason | None) -> None:
    assert read_date(text) == (value, reason)


def test_an_instant_without_a_time_is_midnight() -> None:
    assert read_instant("2021-05-03") == (datetime.fromisoformat("2021-05-03 00:00"), None)
    american = datetime.fromisoformat("2021-05-03 14:07:09")
    assert read_instant("5/3/2021 14:07:09") == (american, Reason.READ_AS)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("0", 0, None),
        ("-1", -1, None),
        ("007", 7, None),
        ("1.0", 1, Reason.READ_AS),
        ("1.5", None, Reason.UNREADABLE_NUMBER),
        ("1e3", None, Reason.UNREADABLE_NUMBER),
        ("", None, Reason.UNREADABLE_NUMBER),
        ("٣", None, Reason.UNREADABLE_NUMBER),
        ("9" * 5000, None, Reason.UNREADABLE_NUMBER),
    ],
)
def test_whole_numbers(text: str, value: int | None, reason: Reason | None) -> None:
    assert read_integer(text) == (value, reason)


@pytest.mark.parametrize(
    ("text", "value"), [("1100.00", Decimal("1100.00")), ("-5", Decimal(-5)), ("$5", None), ("1,100", None)]
)
def test_amounts(text: str, value: Value | None) -> None:
    assert read_money(text)[0] == value


@given(st.dates(date(1880, 1, 1), date(2100, 12, 31)))
def test_every_date_is_read_back_in_both_ways_of_writing(day: date) -> None:
    assert read_date(day.isoformat())[0] == day
    assert read_date(f"{day.month}/{day.day}/{day.year}")[0] == day


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for layout in (layout_of("FY2022"), layout_of("FY2026")):
        for column in layout.files["Enrollment"].columns.values():
            value, reason = cell_reader(column)(text)
            assert (value is None) <= (reason is not None)
            if column.codes and value is not None:
                assert value in column.codes
