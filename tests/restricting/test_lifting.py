"""A restriction that ends: two people, a part at a time, and then exactly those open her who would have opened her."""

from __future__ import annotations

import os
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from shelter.cli.doctor import doctor
from shelter.clients import actions as people
from shelter.clients import directory
from shelter.clients.directory import Lane
from shelter.clients.parts import Names, Part, Progress, SavePart
from shelter.crypto.message import HEADER_LENGTH
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyVersion
from shelter.db.packed import Segment
from shelter.files import sealing, store
from shelter.files.actions import AddFile, add
from shelter.policy.errors import Denied
from shelter.policy.kinds import RESTRICTABLE, Kind
from shelter.restricting import actions, lifting, moving, queries
from shelter.rules.broken import Broken
from shelter.stewards import kit_page
from shelter.stewards.queries import compartments
from shelter.stewards.restricted import agency_wide, compartments_of
from shelter.trail.models import Trail
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import Her, her
from tests.factories import documents
from tests.restricting.test_restricting import CHOSEN, OUTSIDE, _look_anew, ask, restricted, take_over, told

__all__ = ["_look_anew", "her"]
EVERYBODY = (*CHOSEN, *OUTSIDE)
IDENTITY = ("client", "identity")


def asked(her: Her) -> bytes:
    actions.ask_to_lift(her.world.actor("supervisor"), her.code)
    ((one,), _) = queries.for_steward(her.world.actor("steward"))
    assert one.lifts
    return one.id


def lifted(her: Her, *who: str) -> Her:
    actions.sign(her.world.actor("steward"), asked(her))
    for one in who or CHOSEN:
        lifting.go_on(her.world.actor(one), None)
    return her


def each(her: Her) -> dict[str, dict[Any, Any]]:
    """What everybody reads of her, without the place in the directory that her identity notes."""
    found = {who: told(her, who) for who in EVERYBODY}
    for values in found.values():
        for key, value in values.items():
            if (key[0], key[2]) == IDENTITY:
                value.entry = None
    return found


def test_everything_opens_again_for_exactly_its_holders_as_it_was(her: Her, db: Any) -> None:
    before = each(her)
    lifted(restricted(her))
    assert each(her) == before
    assert before["caseworker_two"], "somebody outside the roster holds the agency's keys"
    assert compartments_of([her.id]) == []
    assert prove().holds
    assert wrong_rows() == []
    assert kit_page.opens_all(her.world.kit) == len(list(db.session.scalars(select(Compartment.id))))
    assert not any(one.to_renew or one.is_thin for one in compartments())


def test_a_scan_opens_at_every_moment_and_for_everybody_afterwards(her: Her, db: Any) -> None:
    (row,) = moving.files_of(her.id, Kind.DOCUMENTS)
    content = b"".join(sealing.chunks(her.world.actor("caseworker"), row))
    restricted(her)
    actions.sign(her.world.actor("steward"), asked(her))
    there = agency_wide()[Kind.DOCUMENTS]
    assert sealing.seal_anew(her.world.actor("caseworker"), row, there), "half of the way"
    assert b"".join(sealing.chunks(her.world.actor("advocate"), row)) == content
    assert not moving.waits(her.world.actor("caseworker")), "and nobody takes it back again"
    for one in CHOSEN:
        lifting.go_on(her.world.actor(one), None)
    assert b"".join(sealing.chunks(her.world.actor("legal_supervisor"), row)) == content


def test_nothing_of_her_own_compartments_is_left_in_the_key_store(her: Her, db: Any) -> None:
    own = {one.id for one in compartments_of([restricted(her).id])}
    assert own
    lifted(her)
    for table in (KeyDek, KeyGrant, KeyVersion, Segment):
        assert not db.session.scalars(select(table).where(table.compartment_id.in_(own))).all(), table


def test_search_finds_her_again_and_her_numbers_too(her: Her) -> None:
    lifted(restricted(her))
    actor = her.world.actor("caseworker_two")
    assert her.id in {hit.client_id for hit in directory.by_name(actor, "Vantongeren")}
    assert her.id in directory.by_number(actor, Lane.PHONES, "+12135550143")
    assert her.id in directory.by_number(actor, Lane.A_NUMBERS, "200300400")
    people.save_part(
        her.world.actor("caseworker"),
        SavePart(her.code, Part.NAMES, 1, Names("Renamed Person"), progress=Progress.DONE),
    )
    assert her.id in {hit.client_id for hit in directory.by_name(actor, "Renamed Person")}


def test_a_conflict_of_interest_holds_as_before(her: Her) -> None:
    restricted(her)
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["legal_supervisor"].id)
    lifted(her)
    with pytest.raises(Missing):
        people.send_message(
            her.world.actor("legal_supervisor"), her.code, her.world.members["supervisor"].id, "who is this?"
        )


def test_two_people_lift_and_a_mark_in_the_database_lifts_nothing(her: Her, db: Any) -> None:
    restricted(her)
    for who in ("caseworker", "advocate", "caseworker_two", "steward"):
        with pytest.raises((Denied, Missing)):
            actions.ask_to_lift(her.world.actor(who), her.code)
    one = asked(her)
    for who in ("supervisor", "auditor", "administrator"):
        with pytest.raises(Denied):
            actions.sign(her.world.actor(who), one)
    for who in CHOSEN:
        assert not lifting.waits(her.world.actor(who)), "before a signature"
        assert lifting.go_on(her.world.actor(who), None) == 0
    db.session.execute(update(Compartment).values(site_id=os.urandom(16)).where(Compartment.client_id == her.id))
    db.session.commit()
    assert not any(own.lifted for own in compartments_of([her.id]))


def test_part_by_part_with_progress_and_whoever_is_here_goes_on(her: Her, db: Any) -> None:
    restricted(her)
    actions.sign(her.world.actor("steward"), asked(her))
    found = queries.of_client(her.world.actor("supervisor"), her.code)
    assert (found.lifted, found.done, {part.kind for part in found.parts}) == (True, False, RESTRICTABLE)
    assert [one.code for one in queries.for_steward(her.world.actor("steward"))[1]] == [her.code]
    for again in (lambda: ask(her), lambda: actions.ask_to_lift(her.world.actor("supervisor"), her.code)):
        with pytest.raises(Broken, match="not-whole"):
            again()
    assert lifting.waits(her.world.actor("advocate"))
    lifting.go_on(her.world.actor("advocate"), None)
    assert not lifting.waits(her.world.actor("advocate"))
    left = {own.kind for own in compartments_of([her.id])}
    assert left == {Kind.SHELTER, Kind.ADVOCACY}
    assert told(her, "legal_supervisor"), "what has gone back opens for all who hold it"
    assert {key[0] for key in told(her, "caseworker_two")}.isdisjoint({"note", "goal"}), "what has not does not"
    lifting.go_on(her.world.actor("caseworker"), None)
    assert queries.for_steward(her.world.actor("steward")) == ([], [])


def test_a_file_that_comes_meanwhile_goes_along(her: Her, db: Any) -> None:
    restricted(her)
    actions.sign(her.world.actor("steward"), asked(her))
    worker = her.world.actor("caseworker")
    add(worker, AddFile(her.code, "another page", documents.picture("PNG")))
    rows = list(moving.files_of(her.id, Kind.DOCUMENTS))
    assert len(rows) == 2
    lifting.go_on(her.world.actor("caseworker"), None)
    for row in rows:
        assert b"".join(sealing.chunks(her.world.actor("legal_supervisor"), row))


def test_a_spoiled_file_is_counted_holds_up_nothing_and_doctor_names_it(her: Her, app: Flask, db: Any) -> None:
    worker = her.world.actor("caseworker")
    add(worker, AddFile(her.code, "another page", documents.picture("PNG")))
    restricted(her)
    (row, whole) = moving.files_of(her.id, Kind.DOCUMENTS)
    store.put(row.id, [store.read(row.id, 0, HEADER_LENGTH), bytes(400)])
    actions.sign(her.world.actor("steward"), asked(her))
    assert lifting.count_spoiled() == 0, "as long as its key is there"
    for _ in range(2 * len(RESTRICTABLE)):
        lifting.go_on(her.world.actor("caseworker"), 0)
    assert not lifting.waits(her.world.actor("caseworker")), "each slice takes one at least"
    for one in CHOSEN:
        lifting.go_on(her.world.actor(one), None)
    assert compartments_of([her.id]) == []
    assert b"".join(sealing.chunks(her.world.actor("legal_supervisor"), whole))
    assert db.session.scalar(select(Trail.seq).where(Trail.act == "restriction-end-waits")) is None
    assert "1 files were spoiled before a restriction ended" in app.test_cli_runner().invoke(doctor).output


def test_who_saves_what_she_had_open_when_it_went_back_is_refused(her: Her) -> None:
    restricted(her)
    late = her.world.actor("supervisor")
    assert late.keyring.restricted_clients() == {her.id}
    lifted(her)
    with pytest.raises(Conflict):
        people.send_message(late, her.code, her.world.members["caseworker"].id, "sealed where she is no more")


def test_one_that_goes_as_another_comes_is_seen_too(her: Her, db: Any) -> None:
    """As many compartments as before, and others: a count alone would say that nothing has changed."""
    restricted(her)
    late: Any = her.world.actor("supervisor").keyring
    assert not late.is_outdated()
    one = db.session.scalars(select(Compartment).where(Compartment.client_id.is_not(None)).limit(1)).one()
    version = db.session.scalars(select(KeyVersion).where(KeyVersion.compartment_id == one.id).limit(1)).one()
    other = os.urandom(16)
    db.session.execute(update(KeyVersion).where(KeyVersion.compartment_id == one.id).values(compartment_id=other))
    db.session.execute(update(Compartment).where(Compartment.id == one.id).values(id=other))
    assert version is not None
    assert late.is_outdated()
    db.session.rollback()


def test_she_can_be_restricted_once_more_with_compartments_that_are_new(her: Her) -> None:
    first = {own.id for own in compartments_of([restricted(her).id])}
    lifted(her)
    restricted(her)
    again = compartments_of([her.id])
    assert again
    assert all(own.done for own in again)
    assert first.isdisjoint(own.id for own in again)
    assert told(her, "caseworker_two") == {}


def test_a_refused_ask_lifts_nothing(her: Her) -> None:
    restricted(her)
    actions.refuse(her.world.actor("steward"), asked(her))
    take_over(her)
    assert all(own.done for own in compartments_of([her.id]))
