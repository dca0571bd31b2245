"""kill -9 at any moment of an erasing: a file is whole for its holders or gone for everybody, and never between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from shelter.cli.tick import tick_once
from shelter.clients.models import IDENTITY, Client
from shelter.clients.queries.agreeing import directory_agrees
from shelter.db import Base, traces
from shelter.db.batch import open_each
from shelter.db.forgetting import CODE_AND_DAYS, HERS, NOT_CONTENT
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.owed import Owing, is_owed
from shelter.db.roll import current_roll
from shelter.db.sections import row_of, take_refusals
from shelter.erasing import actions
from shelter.erasing.actions import Ask
from shelter.erasing.models import Erasure
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.proof import prove
from shelter.trail.rows import wrong_rows
from tests.factories import clients, documents, notes
from tests.factories.agency import World
from tests.faults.conftest import Killer

STAYS = 3


def with_words(world: World, number: int) -> str:
    """Somebody with a name in the directory, words and a paper.

    No scan: the store works in threads, which do not come along when a process forks.
    """
    worker = world.actor("caseworker")
    code = clients.named(world, f"Person {number}", called=f"x{number}")
    clients.phone(worker, code, f"21355501{number:02}")
    notes.sign(world, code, "Words.")
    documents.paper(world, code)
    return code


def agreed(world: World, code: str, scope: str) -> bytes:
    asked = actions.ask(world.actor("supervisor"), Ask(code, scope, "she-asked"))
    actions.agree(world.actor("steward"), asked)
    return asked


def left_of(db: Any, client: bytes) -> dict[str, int]:
    """Rows that are hers, by table, and her data keys."""
    found = {
        table.name: db.session.scalar(select(func.count()).select_from(table).where(table.c[name] == client))
        for table in Base.metadata.sorted_tables
        for name in HERS
        if name in table.c and table.name not in NOT_CONTENT | CODE_AND_DAYS
    }
    found["key_dek"] = db.session.scalar(select(func.count()).where(KeyDek.subject_id == client))
    return {name: count for name, count in found.items() if count}


def sound(world: World, db: Any) -> None:
    """Who is not erased opens for each of her holders; of who is, nothing is left anywhere."""
    everybody = list(db.session.scalars(select(Client).order_by(Client.id)))
    erased = [one for one in everybody if one.state == "erased"]
    rows = [row_of(one, IDENTITY) for one in everybody if one.state != "erased"]
    for who in (world.actor("supervisor"), world.actor("caseworker"), kit_as_actor(world.kit, current_roll())):
        assert None not in open_each(who, rows, IDENTITY).values
    for one in erased:
        assert left_of(db, one.id) == {}
        assert db.session.get(KeyTombstone, one.id) is not None
        assert one.identity is None
    assert not take_refusals()
    assert wrong_rows() == []
    assert prove().holds
    assert directory_agrees(world.actor("supervisor"))
    db.session.rollback()


def test_a_whole_file(app: Flask, world: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    stay = [with_words(world, number) for number in range(STAYS)]
    first = agreed(world, with_words(world, 10), "whole")
    killer.measure(lambda: actions.erase(world.actor("supervisor"), first))
    for number in range(rounds(4, 80)):
        asked = agreed(world, with_words(world, 11 + number % 80), "whole")
        killer.run(lambda asked=asked: actions.erase(world.actor("supervisor"), asked))
        sound(world, db)
        if db.session.get_one(Erasure, asked).state == "agreed":
            db.session.rollback()
            killer.spare(lambda asked=asked: actions.erase(world.actor("supervisor"), asked))
            sound(world, db)
        assert db.session.get_one(Erasure, asked).state == "done"
        db.session.rollback()
    tick_once(app)
    assert not is_owed(Owing.VACUUM)
    assert {one.code for one in db.session.scalars(select(Client).where(Client.state == "open"))} == set(stay)


def test_the_words_alone(world: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    first = agreed(world, with_words(world, 1), "narrative")
    killer.measure(lambda: actions.erase(world.actor("supervisor"), first))
    for number in range(rounds(3, 60)):
        code = with_words(world, 2 + number)
        asked = agreed(world, code, "narrative")
        killer.run(lambda asked=asked: actions.erase(world.actor("supervisor"), asked))
        sound(world, db)
        over = db.session.get_one(Erasure, asked).state == "done"
        db.session.rollback()
        assert notes.read(world, code) == ([] if over else ["Words."]), "told whole, or not at all"
        db.session.rollback()


def test_writing_the_file_anew(world: World, db: Any, killer: Killer, rounds: Callable[[int, int], int]) -> None:
    for number in range(STAYS):
        with_words(world, number)
    asked = agreed(world, with_words(world, 10), "whole")
    killer.spare(lambda: actions.erase(world.actor("supervisor"), asked))
    killer.lasts = 0.2
    for _ in range(rounds(4, 80)):
        killer.run(traces.write_anew)
        sound(world, db)
        db.session.rollback()
    if is_owed(Owing.VACUUM):
        db.session.rollback()
        assert traces.write_anew()
    assert not is_owed(Owing.VACUUM)
    sound(world, db)
