"""Who lives with whom: enrollments under one HouseholdID, their head, and what looks wrong about it."""

from collections.abc import Sequence

from shelter.exchange.hmis.plan import PlannedEnrollment, PlannedHousehold
from shelter.exchange.hmis.problems import Problems, Reason

_HEAD = 1  # RelationshipToHoH: self


def planned_households(enrollments: Sequence[PlannedEnrollment], problems: Problems) -> tuple[PlannedHousehold, ...]:
    """One household per HouseholdID, in the order of their first enrollments."""
    members: dict[str, list[PlannedEnrollment]] = {}
    for enrollment in enrollments:
        if enrollment.household_key is None:
            problems.add("Enrollment", enrollment.row.line, "HouseholdID", Reason.HOUSEHOLD_MISSING)
        else:
            members.setdefault(enrollment.household_key, []).append(enrollment)
    return tuple(_household(key, enrolled, problems) for key, enrolled in members.items())


def _household(key: str, enrolled: list[PlannedEnrollment], problems: Problems) -> PlannedHousehold:
    heads = list(dict.fromkeys(one.person_key for one in enrolled if one.relationship_to_head == _HEAD))
    line = enrolled[0].row.line
    if not heads:
        problems.add("Enrollment", line, "RelationshipToHoH", Reason.HOUSEHOLD_WITHOUT_HEAD)
    elif len(heads) > 1:
        problems.add("Enrollment", line, "RelationshipToHoH", Reason.HOUSEHOLD_WITH_HEADS)
    if len({one.project_key for one in enrolled}) > 1:
        problems.add("Enrollment", line, "HouseholdID", Reason.HOUSEHOLD_IN_PROJECTS)
    return PlannedHousehold(
        key=key,
        person_keys=tuple(dict.fromkeys(one.person_key for one in enrolled)),
        enrollment_keys=tuple(one.key for one in enrolled),
        head_key=heads[0] if len(heads) == 1 else None,
    )


def move_in_dates(enrollments: Sequence[PlannedEnrollment]) -> dict[tuple[str, str], PlannedEnrollment]:
    """The enrollment of the head by (HouseholdID, ProjectID), where a move-in date is written for the whole
    household."""
    return {
        (one.household_key, one.project_key): one
        for one in enrollments
        if one.household_key is not None and one.relationship_to_head == _HEAD and one.move_in is not None
    }
