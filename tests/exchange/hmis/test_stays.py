"""Nights follow from the kind of project, and what is odd about them is listed, never refused."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shelter.exchange.hmis import Plan, Reason
from shelter.exchange.hmis.stays import merged
from tests.exchange.hmis.conftest import MakePlan
from tests.exchange.hmis.sample import bed_night, enrollment, leave, tables

DAYS = st.dates(date(2020, 1, 1), date(2020, 3, 1))


def listed(plan: Plan) -> set[tuple[str, int, Reason]]:
    return {(p.file, p.line, p.reason) for p in plan.problems}


def spans(plan: Plan) -> list[tuple[str, str, str | None]]:
    return [(s.enrollment_key, str(s.start), str(s.end) if s.end else None) for s in plan.stays]


def test_a_stay_runs_from_entry_to_exit_or_over_the_nights_written_down(planned: MakePlan) -> None:
    plan = planned(tables())
    assert spans(plan) == [
        ("n1", "2025-10-01", "2025-10-08"),
        ("n2", "2025-10-01", None),
        ("n3", "2025-11-01", "2025-11-04"),
        ("n3", "2025-11-07", "2025-11-08"),
    ]
    assert listed(plan) == set()


def test_rapid_rehousing_and_services_make_no_stay(planned: MakePlan) -> None:
    given_tables = tables()
    given_tables["Enrollment"] = [enrollment("n9", "c1", "p13", "2025-10-01", "h9", "1", MoveInDate="2025-11-01")]
    given_tables["Exit"] = given_tables["Services"] = given_tables["HealthAndDV"] = []
    for name in ("Exit", "Services", "HealthAndDV"):
        del given_tables[name]
    plan = planned(given_tables)
    assert plan.stays == ()
    assert plan.enrollments[0].move_in == date(2025, 11, 1)
    assert [project.is_residential for project in plan.projects] == [True, True, False]


def test_permanent_housing_begins_when_the_household_moved_in(planned: MakePlan) -> None:
    world = {name: tables()[name] for name in ("Export", "Organization", "Project", "Client")}
    world["Project"][2]["ProjectType"] = "3"
    world["Enrollment"] = [
        enrollment("a", "c1", "p13", "2025-10-01", "h", "1", MoveInDate="2025-11-01"),
        enrollment("b", "c2", "p13", "2025-12-01", "h", "2"),
        enrollment("c", "c3", "p13", "2025-10-01", "other", "1"),
    ]
    assert spans(planned(world)) == [("a", "2025-11-01", None), ("b", "2025-12-01", None)]


def test_odd_dates_are_listed_and_make_no_false_night(planned: MakePlan) -> None:
    world = {name: tables()[name] for name in ("Export", "Organization", "Project", "Client")}
    world["Enrollment"] = [
        enrollment("same", "c1", "p0", "2025-10-01", "h1", "1"),
        enrollment("before", "c2", "p0", "2025-10-05", "h2", "1"),
        enrollment("unread", "c3", "p0", "2025-10-05", "h3", "1"),
        enrollment("future", "c3", "p0", "2026-02-02", "h4", "1"),
        enrollment("no entry", "c3", "p0", "03-11-21", "h5", "1"),
        enrollment("no night", "c1", "p1", "2025-10-05", "h6", "1"),
    ]
    world["Exit"] = [
        leave("x1", "same", "c1", "2025-10-01"),
        leave("x2", "before", "c2", "2025-10-01"),
        leave("x3", "unread", "c3", "10-5-25"),
    ]
    plan = planned(world)
    assert spans(plan) == [("future", "2026-02-02", None)]
    assert listed(plan) == {
        ("Enrollment", 2, Reason.NO_NIGHT),
        ("Enrollment", 3, Reason.NO_NIGHT),
        ("Exit", 3, Reason.EXIT_BEFORE_ENTRY),
        ("Exit", 4, Reason.UNREADABLE_DATE),
        ("Exit", 4, Reason.EXIT_MISSING),
        ("Enrollment", 5, Reason.ENTRY_IN_FUTURE),
        ("Enrollment", 6, Reason.UNREADABLE_DATE),
        ("Enrollment", 6, Reason.ENTRY_MISSING),
        ("Enrollment", 7, Reason.NO_NIGHT),
    }
    assert len(plan.enrollments) == 6


def test_a_person_in_two_places_at_once_is_listed_once_for_each_later_stay(planned: MakePlan) -> None:
    world = tables()
    world["Enrollment"].append(enrollment("n4", "c2", "p0", "2025-12-01", "h4", "1"))
    world["Enrollment"].append(enrollment("n5", "c1", "p0", "2025-10-08", "h5", "1"))
    plan = planned(world)
    assert listed(plan) == {("Enrollment", 5, Reason.STAYS_OVERLAP)}
    assert len(plan.stays) == 6


def test_bed_nights_outside_the_enrollment_are_listed_and_kept(planned: MakePlan) -> None:
    world = tables()
    world["Exit"].append(leave("x3", "n3", "c3", "2025-11-07"))
    world["Services"].append(bed_night("early", "n3", "c3", "2025-10-30"))
    plan = planned(world)
    assert plan.problems.counts["Enrollment", "EntryDate", Reason.NIGHT_OUTSIDE] == 2
    assert spans(plan)[-3:] == [
        ("n3", "2025-10-30", "2025-10-31"),
        ("n3", "2025-11-01", "2025-11-04"),
        ("n3", "2025-11-07", "2025-11-08"),
    ]


@given(st.lists(DAYS, max_size=40))
def test_merged_nights_are_the_same_nights_in_ranges_that_do_not_touch(nights: list[date]) -> None:
    ranges = list(merged(nights))
    slept = set()
    last = date.min
    for start, end in ranges:
        assert end is not None
        assert start > last
        last = end
        while start < end:
            slept.add(start)
            start += timedelta(days=1)
    assert slept == set(nights)
