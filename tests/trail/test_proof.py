"""The trail under attack by somebody who can write the database: the first bad link is named."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import SQLAlchemyError

from shelter.clients.models import Client
from shelter.policy.acts import Act
from shelter.trail.models import Trail, TrailSignature, TrailSubject, TrailWrite
from shelter.trail.proof import Head, head, prove
from shelter.trail.record import commit_reads, note_read, record_alone, recorded
from tests.db.test_sections import a_client, write
from tests.factories.agency import World


@pytest.fixture
def busy(world: World) -> World:
    """A trail with writes, reads and denials in it."""
    for name in ("One", "Two", "Three"):
        client = a_client(world, name)
        note_read(world.actor("caseworker"), Act.CLIENTS_READ, [client.id])
        commit_reads()
    record_alone(world.actor("desk"), "refused:plans.show")
    return world


def test_an_untouched_trail_holds(busy: World) -> None:
    proof = prove()
    assert proof.holds
    assert proof.head == head()


def test_a_deleted_link_is_named(busy: World, db: Any) -> None:
    write(db, delete(Trail).where(Trail.seq == 7))
    assert (prove().broken_at, prove().why) == (7, "missing-link")


def test_an_edited_link_is_named(busy: World, db: Any) -> None:
    write(db, update(Trail).where(Trail.seq == 9).values(act="clients:search"))
    assert (prove().broken_at, prove().why) == (9, "edited")


def test_an_actor_put_in_somebody_elses_place_is_named(busy: World, db: Any) -> None:
    last = head()
    assert last is not None
    write(db, update(Trail).where(Trail.seq == last.seq).values(actor_id=busy.members["director"].id))
    assert (prove().broken_at, prove().why) == (last.seq, "edited")


def test_two_links_in_each_others_place_are_named(busy: World, db: Any) -> None:
    one, two = (db.session.get(Trail, seq) for seq in (5, 6))
    first = {"act": one.act, "at": one.at, "hash": one.hash, "prev": one.prev}
    second = {"act": two.act, "at": two.at, "hash": two.hash, "prev": two.prev}
    write(db, update(Trail).where(Trail.seq == 5).values(**second))
    write(db, update(Trail).where(Trail.seq == 6).values(**first))
    assert prove().broken_at == 5


@pytest.mark.parametrize("table", [TrailSubject, TrailWrite])
def test_what_a_link_was_about_cannot_be_taken_away(busy: World, db: Any, table: Any) -> None:
    seq = db.session.scalars(select(table.seq).order_by(table.seq.desc())).first()
    write(db, delete(table).where(table.seq == seq))
    assert (prove().broken_at, prove().why) == (seq, "edited")


def test_what_a_link_was_about_cannot_be_added_to(busy: World, db: Any) -> None:
    write(db, insert(TrailSubject).values(seq=3, client_id=b"x" * 16))
    assert (prove().broken_at, prove().why) == (3, "edited")


def test_a_cut_tail_is_seen_with_a_head_copied_earlier(busy: World, db: Any) -> None:
    copied = head()
    assert copied is not None
    for table in (TrailWrite, TrailSubject, TrailSignature, Trail):
        write(db, delete(table).where(table.seq > copied.seq - 2))
    assert prove().holds
    assert (prove(copied).broken_at, prove(copied).why) == (copied.seq - 1, "tail-cut")


def test_a_tail_told_anew_is_seen_with_a_head_copied_earlier(busy: World, db: Any) -> None:
    copied = head()
    assert copied is not None
    for table in (TrailWrite, TrailSubject, TrailSignature, Trail):
        write(db, delete(table).where(table.seq == copied.seq))
    record_alone(busy.actor("director"), "something-harmless")
    assert prove().holds
    assert prove(copied).why == "rewritten"


def test_a_head_is_read_back_as_it_was_written() -> None:
    known = Head(12, bytes(range(32)))
    assert Head.parse(str(known)) == known


def test_an_act_that_fails_leaves_no_link(busy: World) -> None:
    before = head()
    with pytest.raises(ZeroDivisionError), recorded(busy.actor("caseworker"), Act.CLIENTS_UPDATE):
        raise ZeroDivisionError
    assert head() == before


def test_where_the_trail_cannot_be_written_the_act_does_not_happen(busy: World, db: Any) -> None:
    db.session.execute(text("ALTER TABLE trail RENAME TO trail_gone"))
    db.session.commit()
    with pytest.raises(SQLAlchemyError):
        a_client(busy, "Never Stored")
    db.session.rollback()
    assert len(db.session.scalars(select(Client)).all()) == 3
