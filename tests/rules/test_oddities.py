"""What an auditor is shown first."""

from datetime import UTC, datetime

import pytest

from shelter.policy.acts import Act
from shelter.policy.relations import Relation
from shelter.policy.table import TABLE
from shelter.rules.oddities import Look, Oddity, may_have_left, oddities_of, oddities_of_one

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
        ("glass:break", "caseworker", NOON, (Oddity.BREAK_GLASS,)),
        ("clients:read", "caseworker + broke-glass + not-denied", NOON, (Oddity.BREAK_GLASS, Oddity.OUTSIDE)),
        ("matters:read", "legal_supervisor + not-denied", NOON, (Oddity.OUTSIDE,)),
        ("stays:undo", "shelter_staff + not-denied", NOON, ()),
        ("clients:create", "caseworker", NOON, ()),
        ("hmis:export", "supervisor", NOON, (Oddity.LEAVES,)),
    ],
)
def test_a_look_is_odd_for_a_reason(act: str, clause: str, at: datetime, odd: tuple[Oddity, ...]) -> None:
    assert oddities_of([Look(act, clause, at, about_somebody=True)], people=1, many=40) == odd


def test_these_are_the_words_that_policy_writes_into_the_trail() -> None:
    """Rules know no policy, so that a word which is renamed there would be odd no more and nobody would notice."""
    for act in ("glass:break", "glass:review", "stays:undo", "papers:read", "matters:read", "funder-files:prepare"):
        assert Act(act)
    for relation in ("assigned", "advocate", "resident-here", "not-denied", "broke-glass"):
        assert Relation(relation)
    written = {str(clause) for clauses in TABLE.values() for clause in clauses}
    assert {OWN, SITE, DESK, "caseworker + broke-glass + not-denied"} <= written


def test_every_act_that_prints_copies_or_exports_is_one_that_leaves() -> None:
    said = {act for act in Act if Oddity.LEAVES in oddities_of_one(Look(act, "", NOON, about_somebody=True))}
    assert said == {
        Act.AGENCY_EXPORT, Act.BEDS_PRINT, Act.CLIENTS_COPY, Act.CLIENTS_PRINT, Act.HMIS_EXPORT, Act.MATTERS_COPY,
        Act.PLANS_PRINT, Act.RELEASES_DISCLOSE,
    }  # fmt: skip


def test_what_told_somebody_outside_leaves_under_whichever_act_and_a_file_by_its_detail() -> None:
    told = Look("referrals:write", OWN, NOON, about_somebody=True, told=True)
    assert oddities_of([told], people=1, many=40) == (Oddity.LEAVES,)
    read = Look("papers:read", OWN, NOON, about_somebody=True)
    assert oddities_of_one(read, {"file": "F"}) == (Oddity.LEAVES,)
    assert oddities_of_one(read, {"pictures": "F"}) == ()
    assert may_have_left("papers:read")
    assert not may_have_left("clients:read")


def test_many_people_in_a_day_are_odd_from_the_limit_on() -> None:
    look = Look("clients:read", OWN, NOON, about_somebody=True)
    assert oddities_of([look], people=40, many=40) == ()
    assert oddities_of([look], people=41, many=40) == (Oddity.MANY,)


def test_what_is_about_nobody_is_not_odd_at_night() -> None:
    assert oddities_of([Look("signed-in", "", LATE, about_somebody=False)], people=0, many=40) == ()
