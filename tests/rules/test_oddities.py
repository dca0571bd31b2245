"""What an auditor is shown first."""

from datetime import UTC, datetime

import pytest

from shelter.rules.oddities import Look, Oddity, oddities_of

NOON, LATE = (datetime(2026, 11, 20, hour, tzinfo=UTC) for hour in (12, 23))
OWN, SITE = "caseworker + assigned + not-denied", "supervisor + at-my-site + not-denied"
DESK = "shelter_staff + resident-here + not-denied"


@pytest.mark.parametrize(
    ("act", "clause", "at", "odd"),
    [
        ("clients:read", OWN, NOON, ()),
        ("clients:read", OWN, LATE, (Oddity.NIGHT,)),
        ("clients:read", SITE, NOON, (Oddity.OUTSIDE,)),
        ("clients:print", SITE, LATE, (Oddity.NIGHT, Oddity.OUTSIDE, Oddity.LEAVES)),
        ("residents:see", DESK, LATE, ()),
        ("refused:plans.show", "", NOON, (Oddity.REFUSED,)),
        ("clients:read", "caseworker + break-glass", NOON, (Oddity.BREAK_GLASS,)),
    ],
)
def test_a_look_is_odd_for_a_reason(act: str, clause: str, at: datetime, odd: tuple[Oddity, ...]) -> None:
    assert oddities_of([Look(act, clause, at, about_somebody=True)], people=1, many=40) == odd


def test_many_people_in_a_day_are_odd_from_the_limit_on() -> None:
    look = Look("clients:read", OWN, NOON, about_somebody=True)
    assert oddities_of([look], people=40, many=40) == ()
    assert oddities_of([look], people=41, many=40) == (Oddity.MANY,)


def test_what_is_about_nobody_is_not_odd_at_night() -> None:
    assert oddities_of([Look("signed-in", "", LATE, about_somebody=False)], people=0, many=40) == ()
