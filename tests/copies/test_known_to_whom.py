"""That a part of legal work was copied is known to legal staff, giver and reader: it would tell others of a matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from shelter.accounts import actions as accounts
from shelter.accounts import long_leave
from shelter.accounts.notices import NoticeKind
from shelter.accounts.notices import mine as notices_of
from shelter.clients import actions as people
from shelter.clients.queries import legal_part, own_file
from shelter.copies import actions, queries
from shelter.copies.actions import Review
from shelter.copies.models import CopyGiven
from shelter.db.aside import SectionCopy
from shelter.db.errors import Missing
from shelter.policy.errors import Denied
from shelter.policy.roles import Role
from shelter.restricting import actions as restricting
from shelter.rules.broken import Broken
from tests.copies.test_copies import give
from tests.erasing.conftest import Her, her
from tests.factories.agency import join
from tests.factories.clients import Desk
from tests.restricting.test_restricting import ask, take_over

__all__ = ["her"]
CASEWORK = ("caseworker", "supervisor")
LAW = ("advocate", "legal_supervisor")


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    """The rooms say what they hold in the giver's language."""
    with app.test_request_context():
        yield


@pytest.fixture
def both(her: Her, db: Any) -> tuple[bytes, bytes]:
    """A copy of her goals to counsel; one of her matter from her advocate to a caseworker of the house."""
    goals = give(her, "plan", by="caseworker", to="legal_supervisor", days=1)
    return goals, give(her, "legal", by="advocate", to="caseworker_two", like="lilies", days=14)


def on_her_page(her: Her, who: str) -> set[bytes]:
    return {one.id for one in queries.of_client(her.world.actor(who), her.code)[1]}


def told(her: Her, who: str) -> set[str]:
    """Which parts her file, as this reader gives it, says were copied."""
    find = legal_part if who in LAW else own_file
    holdings = find(her.world.actor(who), her.code)[1]
    lines = [line for one in holdings if "Copies of a part" in str(one.title) for line in one.lines]
    return {str(line.words).partition(". ")[0] for line in lines}


def test_the_page_of_a_person_shows_each_copy_to_those_who_may_give_that_part_and_to_giver_and_reader(
    app: Flask, her: Her, both: tuple[bytes, bytes]
) -> None:
    goals, matter = both
    for who in CASEWORK:
        assert on_her_page(her, who) == {goals}, who
    assert on_her_page(her, "advocate") == {matter}
    assert on_her_page(her, "legal_supervisor") == {goals, matter}, "the goals were given to her"
    shown = Desk(app, her.world, "supervisor").get(f"/people/{her.code}/copies").text
    assert "Goals" in shown
    assert "Advocate" not in shown
    assert "Matters" not in shown


def test_a_caseworker_to_whom_a_part_of_a_matter_was_given_sees_hers(her: Her) -> None:
    matter = give(her, "legal", by="advocate", to="caseworker", like="lilies")
    assert on_her_page(her, "caseworker") == {matter}
    assert on_her_page(her, "supervisor") == set()
    assert told(her, "caseworker") == set(), "a file that is printed is read by others"


def test_her_case_file_tells_of_copies_of_casework_and_the_part_of_legal_staff_of_those_of_matters(
    her: Her, both: tuple[bytes, bytes]
) -> None:
    for who in CASEWORK:
        assert told(her, who) == {"Goals"}, who
    for who in LAW:
        assert told(her, who) == {"Matters"}, who


def test_legal_supervisors_review_copies_of_legal_work_and_supervisors_the_others(
    her: Her, both: tuple[bytes, bytes], db: Any
) -> None:
    goals, matter = both
    boss, counsel = her.world.actor("supervisor"), her.world.actor("legal_supervisor")
    assert {one.id for one in queries.to_review(boss)} == {goals}
    assert {one.id for one in queries.to_review(counsel) if not one.mine} == {matter}
    with pytest.raises(Missing):
        queries.waiting(boss, matter)
    with pytest.raises(Missing):
        actions.review(boss, Review(matter, False, ""))
    with pytest.raises(Missing):
        actions.take_back(boss, her.code, matter)
    assert db.session.get(SectionCopy, matter) is not None
    actions.review(counsel, Review(matter, False, ""))
    assert db.session.get(SectionCopy, matter) is None
    actions.review(boss, Review(goals, True, ""))


def test_a_legal_supervisor_reviews_no_copy_of_casework(her: Her) -> None:
    goals = give(her)
    assert queries.to_review(her.world.actor("legal_supervisor")) == []
    with pytest.raises(Missing):
        actions.review(her.world.actor("legal_supervisor"), Review(goals, True, ""))


def test_a_copy_whose_seal_does_not_hold_is_taken_for_one_of_legal_work(
    her: Her, both: tuple[bytes, bytes], db: Any
) -> None:
    goals, matter = both
    other = db.session.scalar(select(CopyGiven.about).where(CopyGiven.id == goals))
    db.session.execute(update(CopyGiven).where(CopyGiven.id == matter).values(about=other))
    db.session.commit()
    assert {one.id for one in queries.to_review(her.world.actor("supervisor"))} == {goals}
    assert matter in {one.id for one in queries.to_review(her.world.actor("legal_supervisor"))}


def test_no_caseworker_hears_that_a_part_of_a_matter_was_given(her: Her) -> None:
    give(her, "legal", by="legal_supervisor", to="caseworker_two", like="lilies")
    heard = {
        who: [n for n in notices_of(her.world.actor(who)) if n.kind == NoticeKind.PART] for who in her.world.members
    }
    assert [one.code for one in heard.pop("advocate")] == [her.code]
    assert [one.code for one in heard.pop("caseworker_two")] == [""], "to whom it was given"
    assert not any(heard.values())


# -- without a legal supervisor ------------------------------------------------------------


def test_another_advocate_reviews_legal_copies_where_no_legal_supervisor_can(her: Her, db: Any) -> None:
    second = second_advocate(her)
    goals, matter = give(her, days=1), give(her, "legal", by="advocate", to="caseworker_two", like="lilies")
    assert queries.to_review(second) == [], "there is a legal supervisor"
    with pytest.raises(Missing):
        actions.review(second, Review(matter, True, ""))
    accounts.dismiss(her.world.actor("administrator"), her.world.members["legal_supervisor"].id)
    assert {one.id for one in queries.to_review(second)} == {matter}, "and none of casework"
    for mine in queries.to_review(her.world.actor("advocate")):
        assert mine.mine
    for who, copy in (("supervisor", matter), ("caseworker", matter), ("caseworker_two", goals)):
        with pytest.raises((Missing, Denied)):
            actions.review(her.world.actor(who), Review(copy, True, ""))
    with pytest.raises(Broken):
        actions.review(her.world.actor("advocate"), Review(matter, True, ""))
    with pytest.raises(Missing):
        actions.review(second, Review(goals, True, ""))
    actions.review(second, Review(matter, False, "Too much."))
    assert db.session.get(SectionCopy, matter) is None


def test_what_a_legal_supervisor_gave_is_reviewed_too(her: Her) -> None:
    matter = give(her, "legal", by="legal_supervisor", to="caseworker_two", like="lilies")
    assert {one.id for one in queries.to_review(her.world.actor("advocate")) if not one.mine} == {matter}
    actions.review(her.world.actor("advocate"), Review(matter, True, ""))


@pytest.mark.parametrize("how", ["away", "denied", "restricted"])
def test_whoever_cannot_look_stands_in_nobodys_way_and_whoever_must_not_does_not_stand_in(
    her: Her, db: Any, how: str
) -> None:
    second = second_advocate(her)
    boss = her.world.members["legal_supervisor"].id
    matter = give(her, "legal", by="advocate", to="caseworker", like="lilies")
    if how == "away":
        long_leave.go_away(her.world.actor("administrator"), boss)
    elif how == "denied":
        people.deny(her.world.actor("supervisor"), her.code, boss)
    else:
        restricting.sign(her.world.actor("steward"), ask(her))
        take_over(her)
    seen = {one.id for one in queries.to_review(her.world.actor("second")) if not one.mine}
    assert seen == (set() if how == "restricted" else {matter}), "outside her roster nobody stands in"
    if how != "restricted":
        people.deny(her.world.actor("supervisor"), her.code, second.id)
        assert queries.to_review(her.world.actor("second")) == []


def second_advocate(her: Her) -> Any:
    """Somebody else of the same office, who has nothing to do with her."""
    return join(her.world, "second", Role.LEGAL_ADVOCATE)
