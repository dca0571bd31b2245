"""Counting days inside a database: how many days of a row lie within a period, on either dialect."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class days_within(FunctionElement[int]):  # noqa: N801 - an SQL function, named as SQLAlchemy's are
    """Days of [from_day, until_day) that lie in [first, end); an `until_day` of NULL goes on for ever."""

    name = "days_within"
    type = Integer()
    inherit_cache = True


@compiles(days_within, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return _sql(element, compiler, options, "greatest(0, least(coalesce({u}, {e}), {e}) - greatest({f}, {s}))")


@compiles(days_within)
def _elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    days = "max(0, cast(julianday(min(coalesce({u}, {e}), {e})) - julianday(max({f}, {s})) as integer))"
    return _sql(element, compiler, options, days)


class days_of_touching(FunctionElement[int]):  # noqa: N801 - as above
    """The same for rows that have an end and touch the period: nothing has to be asked twice."""

    name = "days_of_touching"
    type = Integer()
    inherit_cache = True


@compiles(days_of_touching, "postgresql")
def _touching_on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return _sql(element, compiler, options, "(least({u}, {e}) - greatest({f}, {s}))")


@compiles(days_of_touching)
def _touching_elsewhere(element: Any, compiler: Any, **options: Any) -> str:
    return _sql(element, compiler, options, "(julianday(min({u}, {e})) - julianday(max({f}, {s})))")


def _sql(element: Any, compiler: Any, options: Any, pattern: str) -> str:
    parts = [compiler.process(clause, **options) for clause in element.clauses]
    return pattern.format(**dict(zip("fuse", parts, strict=True)))


def days(from_day: Any, until_day: Any, first: date, end: date) -> ColumnElement[int]:
    """The days of a row within [first, end)."""
    return days_within(from_day, until_day, literal(first, Date()), literal(end, Date()))


def days_touching(from_day: Any, until_day: Any, first: date, end: date) -> ColumnElement[int]:
    """The same where from_day < end and first <= until_day hold already."""
    return days_of_touching(from_day, until_day, literal(first, Date()), literal(end, Date()))


def sum_of(days: ColumnElement[int]) -> ColumnElement[int]:
    """Their sum, 0 where there is no row."""
    return func.coalesce(func.sum(days), 0)
