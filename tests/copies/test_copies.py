"""A copy of one part for a colleague without its key: hers alone, with an end that holds, known to those around."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from shelter.accounts import actions as accounts
from shelter.accounts import long_leave
from shelter.accounts.notices import NoticeKind
from shelter.accounts.notices import mine as notices_of
from shelter.clients import actions as people
from shelter.clients import scope
from shelter.clients.queries.own_file import _rooms, told_by
from shelter.copies import actions, queries
from shelter.copies.actions import Give, Review
from shelter.copies.models import Copied, CopiedLine, CopyGiven
from shelter.copies.upkeep import end_copies
from shelter.copies.words import PARTS
from shelter.crypto.backup import Part
from shelter.db.aside import SectionCopy
from shelter.db.errors import Missing, Spoiled
from shelter.db.letters import sealed_for_one
from shelter.db.sections import INVENTORY
from shelter.db.snapshot import tables
from shelter.emergencies.actions import Break, break_glass
from shelter.exchange.whole.contents import LEFT_OUT
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.policy.kinds import Kind
from shelter.restricting import actions as restricting
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.trail.details import details_of
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.proof import prove
from tests.erasing.conftest import Her, erased, her
from tests.factories import clients
from tests.factories.clients import Desk
from tests.restricting.test_restricting import ask, take_over

__all__ = ["her"]
WATER, WHY = "a window that looks at water", "her declaration is due on Friday"


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    """The rooms say what they hold in the giver's language."""
    with app.test_request_context():
        yield


def give(
    her: Her, part: str = "plan", *, by: str = "caseworker", to: str = "advocate", days: int = 3, like: str = ""
) -> bytes:
    """The id of the copy; `like` are words that a line must hold to go along."""
    lines, _ = queries.to_copy(her.world.actor(by), her.code, part)
    chosen = frozenset(one.key for one in lines if like in one.words)
    reader = her.world.members[to].id
    actions.give(her.world.actor(by), Give(her.code, part, chosen, reader, "form", WHY, days))
    return newest(her).id


def newest(her: Her) -> CopyGiven:
    from shelter.db import db

    return db.session.scalars(select(CopyGiven).order_by(CopyGiven.ends.desc())).first()  # type: ignore[return-value]


def reads(her: Her, who: str, copy: bytes) -> str:
    from shelter.db import db

    db.session.rollback()
    return " ".join(line.words for line in queries.opened(her.world.actor(who), copy).lines)


def sees_nothing(her: Her, who: str, copy: bytes) -> bool:
    with pytest.raises(Missing):
        reads(her, who, copy)
    return queries.given_to_me(her.world.actor(who)) == []


@pytest.mark.usefixtures("app")
def test_every_part_on_offer_is_a_room_of_her_file_and_holds_what_some_who_know_her_cannot_open() -> None:
    kinds = {f"{table}:{name}": one.kind for (table, name), one in INVENTORY.items()}
    for part in PARTS:
        told = {kinds[section] for section in _rooms[part].tells}
        assert told & {Kind.ADVOCACY, Kind.LEGAL, Kind.SHELTER}, part


def test_one_part_and_no_more_is_hers_until_the_end_and_gone_with_it(her: Her, db: Any) -> None:
    copy, at = give(her), clock.now()
    assert WATER in reads(her, "advocate", copy)
    assert "hums" not in reads(her, "advocate", copy), "a note is another part"
    with clock.frozen(at + timedelta(days=2, hours=23)):
        assert WATER in reads(her, "advocate", copy)
        end_copies(clock.now())
        db.session.commit()
        assert WATER in reads(her, "advocate", copy)
    with clock.frozen(at + timedelta(days=3, seconds=1)):
        assert sees_nothing(her, "advocate", copy), "before any tick"
        end_copies(clock.now())
        db.session.commit()
        assert db.session.get(SectionCopy, copy) is None
    assert db.session.get(CopyGiven, copy) is not None, "that it was given stays"


def test_lines_are_chosen_and_what_changed_meanwhile_is_not_copied(her: Her) -> None:
    copy = give(her, "around the plan", like="flour")
    assert reads(her, "advocate", copy) == "the door behind the flour"
    for lines in (frozenset({"0" * 24}), frozenset[str]()):
        command = Give(her.code, "plan", lines, her.world.members["advocate"].id, "form", WHY, 3)
        with pytest.raises(Broken) as broken:
            actions.give(her.world.actor("caseworker"), command)
        assert broken.value.message_key == "copies.changed"


def test_from_counsel_to_casework_too_and_only_what_the_giver_may_open(her: Her) -> None:
    copy = give(her, "legal", by="advocate", to="caseworker", like="lilies")
    assert reads(her, "caseworker", copy) == "he counted the lilies"
    for who, part in (("advocate", "plan"), ("caseworker", "legal"), ("caseworker", "nothing")):
        with pytest.raises(Missing):
            queries.to_copy(her.world.actor(who), her.code, part)
    for who in ("stranger", "desk", "director", "auditor", "administrator", "steward"):
        with pytest.raises((Missing, Denied)):
            queries.to_copy(her.world.actor(who), her.code, "plan")


def test_an_emergency_is_for_helping_and_gives_no_copies(her: Her) -> None:
    break_glass(her.world.actor("caseworker_two"), Break(her.code, "danger", "x"))
    with pytest.raises(Denied):
        queries.to_copy(her.world.actor("caseworker_two"), her.code, "plan")


def test_to_whom_opens_it_anyway_to_the_desk_and_to_oneself_none_is_given(her: Her, db: Any) -> None:
    _, readers = queries.to_copy(her.world.actor("caseworker"), her.code, "plan")
    law = {her.world.members[who].id for who in ("advocate", "legal_supervisor")}
    assert {one.id for one in readers} >= law
    for who in ("caseworker", "supervisor", "desk", "director", "auditor", "steward", "administrator"):
        assert her.world.members[who].id not in {one.id for one in readers}
        with pytest.raises(Broken) as broken:
            give(her, to=who)
        assert broken.value.message_key == "copies.not-to-her"


# -- attacks --------------------------------------------------------------------


def test_a_copy_opens_for_nobody_else_wherever_it_is_put(her: Her, db: Any) -> None:
    copy = give(her)
    other = give(her, "notes")
    assert sees_nothing(her, "legal_supervisor", copy)
    here, there = db.session.get(SectionCopy, copy), db.session.get(SectionCopy, other)
    db.session.execute(update(SectionCopy).where(SectionCopy.id == other).values(sealed=here.sealed))
    db.session.commit()
    with pytest.raises(Spoiled):
        reads(her, "advocate", other)
    db.session.execute(
        update(SectionCopy).where(SectionCopy.id == copy).values(reader_id=her.world.members["legal_supervisor"].id)
    )
    db.session.commit()
    with pytest.raises(Spoiled):
        reads(her, "legal_supervisor", copy)
    assert there is not None


def test_an_end_that_somebody_moved_does_not_hold(her: Her, db: Any) -> None:
    copy, at = give(her), clock.now()
    db.session.execute(update(SectionCopy).values(ends=at + timedelta(days=90)))
    db.session.execute(update(CopyGiven).values(ends=at + timedelta(days=90)))
    db.session.commit()
    with clock.frozen(at + timedelta(days=30)), pytest.raises(Spoiled):
        reads(her, "advocate", copy)


def test_a_copy_about_another_person_does_not_hold(her: Her, db: Any) -> None:
    copy, other = give(her), clients.client_id(clients.begin(her.world))
    for table in (SectionCopy, CopyGiven):
        db.session.execute(update(table).values(client_id=other))
    db.session.commit()
    with pytest.raises(Spoiled):
        reads(her, "advocate", copy)


def test_a_forged_copy_does_not_hold_whoever_signs_it(her: Her, db: Any) -> None:
    copy = give(her)
    row = db.session.get(SectionCopy, copy)
    lines = [CopiedLine(label="Goals", words="she wants to go back to him")]
    forged = Copied(client=her.id, ends=row.ends, part="plan", lines=lines)
    someone, reader = her.world.actor("caseworker_two"), her.world.members["advocate"].id
    sealed = sealed_for_one(someone, "section_copy", copy, "copy", reader, forged)
    keyring: Any = someone.keyring
    keyring.user_id = her.world.members["caseworker"].id  # in her name, with one's own signature
    in_her_name = sealed_for_one(someone, "section_copy", copy, "copy", reader, forged)
    for one in (sealed, in_her_name):
        db.session.execute(update(SectionCopy).values(sealed=one))
        db.session.commit()
        with pytest.raises(Spoiled):
            reads(her, "advocate", copy)


# -- who may not know her ---------------------------------------------------------


def test_a_conflict_of_interest_holds_before_and_after(her: Her, db: Any) -> None:
    copy = give(her)
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["advocate"].id)
    assert sees_nothing(her, "advocate", copy)
    assert db.session.get(SectionCopy, copy) is None, "its key is gone in that transaction"
    with pytest.raises(Broken) as broken:
        give(her)
    assert broken.value.message_key == "copies.not-to-her"


def test_a_restriction_takes_it_from_those_outside_and_lets_none_in(her: Her, db: Any) -> None:
    outside, inside = give(her, to="legal_supervisor"), give(her, to="advocate")
    restricting.sign(her.world.actor("steward"), ask(her))
    assert db.session.get(SectionCopy, outside) is None, "from the signature on"
    with pytest.raises(Broken):
        give(her, to="legal_supervisor")
    take_over(her)
    assert sees_nothing(her, "legal_supervisor", outside)
    assert WATER in reads(her, "advocate", inside), "she is on the roster of another part"
    with pytest.raises(Broken):
        give(her, to="legal_supervisor")
    assert WATER in reads(her, "advocate", give(her))


@pytest.mark.parametrize("how", ["dismiss", "go_away", "new_link"])
def test_who_has_left_or_opens_nothing_has_none(her: Her, db: Any, how: str) -> None:
    copy, boss = give(her, to="legal_supervisor"), her.world.actor("administrator")
    who = her.world.members["legal_supervisor"].id
    {"dismiss": accounts.dismiss, "new_link": accounts.new_link, "go_away": long_leave.go_away}[how](boss, who)
    assert db.session.get(SectionCopy, copy) is None


@pytest.mark.parametrize("how", ["whole", "narrative"])
def test_erasing_takes_it_along(her: Her, db: Any, how: str) -> None:
    copy = give(her)
    erased(her, how)
    assert db.session.get(SectionCopy, copy) is None
    assert (db.session.get(CopyGiven, copy) is None) == (how == "whole")


# -- known to those around ----------------------------------------------------------


def test_the_trail_names_both_and_those_around_hear_of_it(her: Her, db: Any) -> None:
    give(her)
    row = db.session.scalars(select(Trail).where(Trail.act == Act.COPIES_GIVE).order_by(Trail.seq.desc())).first()
    assert row.actor_id == her.world.members["caseworker"].id
    assert db.session.scalars(select(TrailSubject.client_id).where(TrailSubject.seq == row.seq)).all() == [her.id]
    told = details_of(her.world.actor("auditor"), [row.seq])[row.seq]
    assert told is not None
    assert told.values["reader"] == her.world.members["advocate"].sign_in_name
    assert told.values["part"] == "plan"
    (mine,) = [one for one in notices_of(her.world.actor("advocate")) if one.kind == NoticeKind.PART]
    assert mine.code == "", "her page of copies says whom it is about"
    assert prove().holds


def test_her_worker_hears_of_what_another_gave(her: Her) -> None:
    give(her, by="supervisor")
    (told,) = [one for one in notices_of(her.world.actor("caseworker")) if one.kind == NoticeKind.PART]
    assert told.code == her.code


def test_her_own_file_says_who_was_given_what(her: Her) -> None:
    give(her)
    (told,) = told_by(
        her.world.actor("caseworker"),
        scope.get_by_code(her.world.actor("caseworker"), Act.CLIENTS_READ, her.code),
        "copies",
    )
    assert [str(line.words) for line in told.lines] == [f"Goals. For a form, a statement or a letter. {WHY}"]


def test_somebody_else_reviews_it_once_and_what_was_not_right_ends(her: Her, db: Any) -> None:
    copy, boss = give(her), her.world.actor("supervisor")
    (waits,) = queries.to_review(boss)
    assert (waits.code, waits.part, waits.words, waits.mine) == (her.code, "plan", WHY, False)
    with pytest.raises(Missing):
        actions.review(her.world.actor("caseworker_two"), Review(copy, True, ""))
    actions.review(boss, Review(copy, False, "Too much."))
    assert db.session.get(SectionCopy, copy) is None
    assert queries.to_review(boss) == []
    with pytest.raises(Broken) as broken:
        actions.review(boss, Review(copy, True, ""))
    assert broken.value.message_key == "copies.reviewed-already"


def test_neither_giver_nor_reader_reviews_it_and_the_database_says_so_too(her: Her, db: Any) -> None:
    copy = give(her, by="supervisor", to="legal_supervisor")
    for who in ("supervisor", "legal_supervisor"):
        with pytest.raises(Broken) as broken:
            actions.review(her.world.actor(who), Review(copy, True, ""))
        assert broken.value.message_key == "copies.not-your-own"
        with pytest.raises(IntegrityError):
            db.session.execute(update(CopyGiven).values(reviewed_by=her.world.members[who].id))
        db.session.rollback()


def test_it_is_taken_back_by_who_may_give_it_and_once(her: Her, db: Any) -> None:
    copy = give(her)
    for who in ("stranger", "caseworker_two"):
        with pytest.raises((Missing, Denied)):
            actions.take_back(her.world.actor(who), her.code, copy)
    actions.take_back(her.world.actor("supervisor"), her.code, copy)
    assert sees_nothing(her, "advocate", copy)
    with pytest.raises(Missing):
        actions.take_back(her.world.actor("supervisor"), her.code, copy)


def test_the_words_lie_in_no_backup_and_leave_the_agency_with_nobody() -> None:
    """One that was taken back, denied or erased leaves no tombstone: from a backup it would come back until its end."""
    records, keys = ({one.name for one in tables(part)} for part in Part)
    assert "section_copy" not in records | keys
    assert "copy_given" in records, "that it was given stays"
    assert "section_copy" in LEFT_OUT


def test_given_and_read_on_the_pages(app: Flask, her: Her, db: Any) -> None:
    rosa, page = Desk(app, her.world, "caseworker"), f"/people/{her.code}/copies"
    assert "Goals" in rosa.get(page).text
    form = rosa.get(f"{page}/plan").text
    assert WATER in form
    assert "Advocate" in form
    line = re.search(r'name="lines"[^>]*value="([^"]+)"', form)
    assert line is not None
    sent = {"lines": line[1], "reader": her.world.members["advocate"].id.hex(), "reason": "form", "days": "3"}
    assert rosa.post(f"{page}/plan", **sent, words="").status_code == 422
    assert rosa.post(f"{page}/plan", **sent, words=WHY).status_code == 302
    copy, ada = newest(her).id.hex(), Desk(app, her.world, "advocate")
    assert her.code in ada.get("/copies").text
    shown = ada.get(f"/copies/{copy}").text
    assert WATER in shown
    assert "A copy that Caseworker gave you, until" in shown
    assert rosa.get(f"/copies/{copy}").status_code == 404
    boss = Desk(app, her.world, "supervisor")
    assert WHY in boss.get(f"/copies/{copy}/review").text
    assert WATER not in boss.get(f"/copies/{copy}/review").text
    assert rosa.post(f"{page}/{copy}/end", page).status_code == 302
    assert ada.get(f"/copies/{copy}").status_code == 404
