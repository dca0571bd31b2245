"""What happens to somebody while a restriction is on its way: two records, an erasing, a hold, a cover, an import."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from shelter.accounts.actions import ArrangeCover, arrange_cover, dismiss
from shelter.clients import actions as people
from shelter.clients import scope
from shelter.clients.models import Assignment, Client
from shelter.clients.queries import agency_today
from shelter.db.errors import Conflict
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.roll import current_roll
from shelter.erasing.actions import EndHold, PutHold, end_hold, put_hold
from shelter.erasing.queries import holds_of
from shelter.files import sealing
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.restricting import actions, lifting, moving, queries
from shelter.rules.broken import Broken
from shelter.stewards import renewing
from shelter.stewards.actions import unbind_colleague
from shelter.stewards.restricted import compartments_of
from shelter.trail.proof import prove
from tests.erasing.conftest import Her, erased, her
from tests.factories import clients
from tests.restricting.test_restricting import CHOSEN, _look_anew, ask, restricted, take_over, told

__all__ = ["_look_anew", "her"]


def half_way(her: Her) -> Her:
    """Her advocate has taken names, papers and matters over; plans and her room still lie where they lay."""
    actions.sign(her.world.actor("steward"), ask(her))
    take_over(her, "advocate")
    assert {own.kind for own in compartments_of([her.id]) if not own.born} == {Kind.ADVOCACY, Kind.SHELTER}
    return her


def sees(her: Her, who: str, code: str = "") -> bool:
    from shelter.db import db

    db.session.rollback()
    actor = her.world.actor(who)
    query = select(Client.id).where(Client.code == (code or her.code), scope.scope(actor, Act.CLIENTS_READ))
    return db.session.scalar(query) is not None


@pytest.mark.parametrize("when", ["signed", "half", "whole", "lifted"])
def test_an_erasing_takes_her_compartments_along_at_any_moment(her: Her, db: Any, when: str) -> None:
    if when == "half":
        half_way(her)
    else:
        actions.sign(her.world.actor("steward"), ask(her))
    if when in ("whole", "lifted"):
        take_over(her)
    if when == "lifted":
        actions.ask_to_lift(her.world.actor("supervisor"), her.code)
        ((asked,), _) = queries.for_steward(her.world.actor("steward"))
        actions.sign(her.world.actor("steward"), asked.id)
        lifting.go_on(her.world.actor("advocate"), None)
    own = [one.id for one in compartments_of([her.id])]
    assert own
    db.session.rollback()
    erased(her)
    assert compartments_of([her.id]) == []
    for table in (KeyGrant, KeyVersion):
        assert not db.session.scalars(select(table).where(table.compartment_id.in_(own))).all()
    assert queries.for_steward(her.world.actor("steward")) == ([], [])
    db.session.rollback()
    for who in CHOSEN:
        assert moving.begin(her.world.actor(who)) == 0
        assert lifting.go_on(her.world.actor(who), None) == 0
    assert prove().holds


def test_both_records_of_one_person_are_restricted_and_given_back_together(her: Her, db: Any) -> None:
    other = clients.begin(her.world)
    people.merge(her.world.actor("supervisor"), other, her.code)
    restricted(her)
    for code in (her.code, other):
        assert all(own.done for own in compartments_of([clients.client_id(code)])), code
        assert sees(her, "supervisor", code)
        assert not sees(her, "legal_supervisor", code)
    actions.ask_to_lift(her.world.actor("supervisor"), her.code)
    with pytest.raises(Broken, match="asked-already"):
        actions.ask_to_lift(her.world.actor("supervisor"), other)
    ((asked,), _) = queries.for_steward(her.world.actor("steward"))
    actions.sign(her.world.actor("steward"), asked.id)
    for who in CHOSEN:
        lifting.go_on(her.world.actor(who), None)
    assert sees(her, "legal_supervisor")
    assert sees(her, "legal_supervisor", other)
    assert db.session.scalar(select(Compartment.id).where(Compartment.client_id.is_not(None))) is None


def test_a_restricted_and_an_open_record_are_not_merged(her: Her) -> None:
    other = clients.begin(her.world)
    actions.sign(her.world.actor("steward"), ask(her))
    for gone, kept in ((other, her.code), (her.code, other)):
        with pytest.raises(Broken, match="merge-restricted"):
            people.merge(her.world.actor("supervisor"), gone, kept)


def test_two_restricted_records_share_only_those_who_may_know_both(her: Her, db: Any) -> None:
    other = Her(her.world, clients.begin(her.world, "caseworker_two"), b"")
    other.id = clients.client_id(other.code)
    restricted(her)
    actions.sign(her.world.actor("steward"), ask(other, "supervisor", "caseworker_two", "advocate"))
    take_over(other, "supervisor", "caseworker_two", "advocate")
    people.merge(her.world.actor("supervisor"), other.code, her.code)
    working = select(Assignment.staff_id).where(Assignment.client_id == her.id)
    assert her.world.members["caseworker_two"].id not in set(db.session.scalars(working))


def test_a_hold_goes_over_with_her_and_holds(her: Her, db: Any) -> None:
    later = agency_today().replace(year=agency_today().year + 1)
    hold = put_hold(her.world.actor("supervisor"), PutHold(her.code, "claim", "the assessor has written", later))
    half_way(her)
    take_over(her)
    assert [one.id for one in holds_of(her.world.actor("supervisor"), db.session.get_one(Client, her.id))] == [hold]
    end_hold(her.world.actor("supervisor"), EndHold(her.code, hold, 2, "withdrawn"))


def test_whoever_covers_for_somebody_inside_is_not_inside(her: Her) -> None:
    world, day = her.world, agency_today()
    worker, other = world.members["caseworker"].id, world.members["caseworker_two"].id
    arrange_cover(world.actor("supervisor"), ArrangeCover(worker, other, day, day))
    assert sees(her, "caseworker_two"), "as for anybody else"
    half_way(her)
    assert not sees(her, "caseworker_two")
    take_over(her)
    assert told(her, "caseworker_two") == {}


@pytest.mark.parametrize("back", [False, True])
def test_no_key_is_forgotten_while_a_section_was_passed_over(
    her: Her, db: Any, monkeypatch: pytest.MonkeyPatch, back: bool
) -> None:
    if back:
        restricted(her)
        actions.ask_to_lift(her.world.actor("supervisor"), her.code)
        ((asked,), _) = queries.for_steward(her.world.actor("steward"))
        actions.sign(her.world.actor("steward"), asked.id)
    else:
        actions.sign(her.world.actor("steward"), ask(her))
    room: Any = lifting if back else moving
    before, keys = told(her, *CHOSEN), db.session.scalar(select(func.count()).select_from(KeyDek))
    db.session.rollback()
    whole = room.move

    def one_less(*of: Any) -> tuple[int, int]:
        moved, broken = whole(*of)
        return moved - 1, broken

    monkeypatch.setattr(room, "move", one_less)
    with pytest.raises(Conflict):
        lifting.go_on(her.world.actor("caseworker"), None) if back else moving.begin(her.world.actor("caseworker"))
    assert db.session.scalar(select(func.count()).select_from(KeyDek)) >= keys
    assert told(her, *CHOSEN) == before


def test_files_go_on_under_a_key_that_was_renewed_before_they_were_done(her: Her, db: Any) -> None:
    """The store rolls nothing back: the data key is kept before a file is under it."""
    leaving = her.world.members["caseworker_two"].id
    actions.sign(her.world.actor("steward"), ask(her, *CHOSEN, "caseworker_two"))
    moving.begin(her.world.actor("caseworker"))
    (row,) = moving.files_of(her.id, Kind.DOCUMENTS)
    content = b"".join(sealing.chunks(her.world.actor("caseworker"), row))
    db.session.rollback()
    dismiss(her.world.actor("administrator"), leaving)
    unbind_colleague(her.world.actor("steward"), leaving)
    renewing.begin(her.world.actor("caseworker"))
    (papers,) = [own for own in compartments_of([her.id]) if own.kind is Kind.DOCUMENTS]
    assert (current_roll().newest[papers.id], papers.left) == (2, 1)
    db.session.rollback()
    assert moving.go_on(her.world.actor("caseworker"), None) == 1
    db.session.rollback()
    (row,) = moving.files_of(her.id, Kind.DOCUMENTS)
    assert b"".join(sealing.chunks(her.world.actor("caseworker"), row)) == content
    assert all(own.done for own in compartments_of([her.id]) if own.kind is Kind.DOCUMENTS)
