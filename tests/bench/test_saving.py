"""Saving one answer about one client, the whole action with its trail, against the same action on plain sections."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import msgspec
import pytest
from sqlalchemy import update

from shelter.clients import actions
from shelter.clients.actions import record as saving
from shelter.clients.parts import Part, Referral, SavePart
from shelter.db import db, sections
from shelter.db.agency import Site
from shelter.policy.actor import Actor
from tests.bench import crowd
from tests.bench.clocks import Cpu
from tests.bench.ledger import Ledger, Row, paired
from tests.factories.agency import World

pytestmark = pytest.mark.bench
AT_ONCE = 10


def _save_plain(actor: Actor, row: Any, section: Any, value: Any, made_from: int) -> int:
    """`sections.save` without a seal: the same statement, the same note for the trail."""
    place = sections.SealedRow(row.id, row.subject(), made_from + 1, None)
    plain = msgspec.msgpack.encode(value)
    sections._update_where_version(type(row), section, place, plain, made_from)
    sections.set_committed_value(row, section.name, plain)
    sections.set_committed_value(row, f"{section.name}_version", place.version)
    sections.note_writes(
        [sections.Write(section.table, row.id, section.name, place.version, hashlib.sha256(plain).digest())]
    )
    return place.version


def _open_plain(actor: Actor, row: Any, section: Any) -> Any:
    return msgspec.msgpack.decode(getattr(row, section.name), type=section.struct, strict=False)


@contextmanager
def _plain() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "save", _save_plain)
        patch.setattr(saving, "open_section", _open_plain)
        yield


def _saver(world: World, who: str, codes: list[str]) -> Callable[[], None]:
    """Saves ten clients' answers to one part, as ten requests would: each with keys unwrapped afresh."""
    version = count(0)

    def save_ten() -> None:
        made_from = next(version)
        for code in codes:
            actor = world.actor(who)
            answers = Referral("hotline", f"Told by a friend, and asked again {made_from}")
            actions.save_part(actor, SavePart(code, Part.REFERRAL, made_from, answers))

    return save_ten


def test_saving_one_client_against_a_plaintext_twin(world: World, ledger: Ledger, database_kind: str) -> None:
    db.session.execute(update(Site).values(open_to_caseworkers=True))
    db.session.commit()
    people, twins = list(crowd.invented(AT_ONCE)), list(crowd.invented(AT_ONCE))
    crowd.lay_down(world.actor("caseworker"), world.sites["north"], people, search=True)
    crowd.lay_down_plain(world.sites["south"], twins)
    ours = _saver(world, "caseworker", [one.code for one in people])
    save_plain = _saver(world, "stranger", [one.code for one in twins])

    def peer() -> None:
        with _plain():
            save_plain()

    ours(), peer()
    cpu = Cpu(db.engine)
    pair = paired(ours, peer, rounds=15, clock=cpu)
    milli = 1e3 / AT_ONCE
    name = f"saving one client, {database_kind}: sealed / plaintext twin"
    row = Row(name, pair.ours * milli, pair.peer * milli, pair.ratio, 1.8, "lower", "ms", pair.rounds, cpu.note)
    assert ledger.add(row).passes
