"""The demonstration of FY2026 and the FY2022 kit, as they are: what is in them, what is odd, what is left out."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

from shelter.exchange.hmis import Reason, build_plan, open_export, summary
from shelter.exchange.hmis.layout import Nights

TODAY = date(2026, 2, 1)


def test_the_demonstration_comes_in_whole(shared_data: Path) -> None:
    began = time.monotonic()
    with open_export(shared_data / "hmis_demo_2026" / "demo.zip") as export:
        plan = build_plan(export, today=TODAY)
        given_out = Counter(row.file for row in [*plan.services(), *plan.health_answers(), *plan.other_rows()])
    counts = summary(plan)
    assert {key: counts.planned[key] for key in ("organizations", "projects", "clients", "enrollments")} == {
        **{"organizations": 3, "projects": 27, "clients": 4146, "enrollments": 4771}
    }
    assert all(count.placed == count.read for count in counts.files.values())
    assert (given_out["Services"], given_out["HealthAndDV"], given_out["Disabilities"]) == (4472, 9623, 24672)
    assert sum(count.read for count in counts.files.values()) == 77_694
    assert sum(one.has_exit for one in plan.enrollments) == 4295
    assert {client.display_name for client in plan.clients} == {None}
    assert counts.problems[Reason.UNREADABLE_DATE] == 4146
    assert plan.problems.counts["Client", "DateUpdated", Reason.UNREADABLE_DATE] == 4146
    assert counts.problems[Reason.STAYS_OVERLAP] == 3
    assert time.monotonic() - began < 60


def test_the_demonstrations_stays_are_in_residential_projects_only(shared_data: Path) -> None:
    with open_export(shared_data / "hmis_demo_2026" / "demo.zip") as export:
        plan = build_plan(export, today=TODAY)
    types = {project.key: project.project_type for project in plan.projects}
    assert {types[stay.project_key] for stay in plan.stays} == {0, 1, 2, 3}
    assert Counter(stay.nights for stay in plan.stays) == {
        **{Nights.FROM_ENTRY: 1247, Nights.FROM_MOVE_IN: 42, Nights.BED_NIGHTS: 15}
    }
    nights = sum((s.end - s.start).days for s in plan.stays if s.nights is Nights.BED_NIGHTS and s.end)
    assert nights == 17  # 18 rows, two of them for one night


def test_the_kit_comes_in_whole_and_without_a_problem(shared_data: Path) -> None:
    with open_export(shared_data / "hmis_caper_fy2021" / "input") as export:
        plan = build_plan(export, today=TODAY)
    counts = summary(plan)
    assert (counts.year, counts.problems, counts.notes) == ("FY2022", {}, ())
    assert (counts.planned["clients"], counts.planned["enrollments"], counts.planned["stays"]) == (37, 37, 37)
    assert plan.projects[0].project_type == 0
    assert all(client.display_name for client in plan.clients if client.name_quality == 1)
    assert sum(client.birth_date is not None for client in plan.clients) == 34
