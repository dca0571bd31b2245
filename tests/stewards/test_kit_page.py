"""The kit between disasters: asked for once a year, tried, and divided so that fewer shares tell nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest
from sqlalchemy import select, update

from shelter.crypto.kit import new_seed
from shelter.crypto.shares import MistypedShares, join, split
from shelter.db.keystore import KeyGrant
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stewards import kit_page, seconds
from shelter.trail.models import Trail
from tests.accounts.browser import At, at
from tests.factories.agency import World
from tests.stewards.test_backups import sheet

__all__ = ["at"]


def test_any_needed_shares_are_the_kit_and_fewer_tell_nothing() -> None:
    seed = new_seed()
    shares = split(seed, 3, 5)
    for some in combinations(shares, 3):
        assert join(" \n ".join(some).upper()) == seed
    for some in combinations(shares, 2):
        with pytest.raises(MistypedShares):
            join(" ".join(some))


def test_a_wrong_word_names_its_share() -> None:
    one, two, _ = split(new_seed(), 2, 3)
    words = two.split()
    words[7] = "aaaaa"
    with pytest.raises(MistypedShares) as wrong:
        join(f"{one} {' '.join(words)}")
    assert wrong.value.share == 2
    words[7] = "acid" if two.split()[7] != "acid" else "acne"
    with pytest.raises(MistypedShares) as wrong:
        join(f"{one} {' '.join(words)}")
    assert wrong.value.share == 2


@pytest.mark.parametrize(("needed", "of"), [(1, 3), (4, 3), (2, 10), (0, 0)])
def test_numbers_that_make_no_sense(world: World, needed: int, of: int) -> None:
    with pytest.raises(Broken):
        kit_page.divide(world.actor("steward"), sheet(world), needed, of)


def test_shares_sign_as_the_sheet_does(world: World) -> None:
    shares = kit_page.divide(world.actor("steward"), sheet(world), 2, 3)
    assert seconds.the_kit(f"{shares[0]}\n{shares[2]}") == seconds.the_kit(sheet(world))


def test_it_is_asked_for_after_a_year_and_not_again_once_it_was_tried(at: At, world: World, db: Any) -> None:
    assert not kit_page.is_due()
    at.later(timedelta(days=366))
    with clock.frozen(at.now):
        assert kit_page.is_due()
    at.sign_in(world.members["steward"])
    assert "was not tried for a year" in at.get("/keys").text
    answer = at.post("/keys/kit", kit=sheet(world))
    assert answer.status_code == 302
    assert "was not tried for a year" not in at.get("/keys").text
    db.session.rollback()
    assert db.session.scalars(select(Trail.act).where(Trail.act == "kit-tried")).one()


def test_what_does_not_open_everything_is_no_drill(world: World, db: Any) -> None:
    grant = db.session.scalars(select(KeyGrant).where(KeyGrant.member_kind == "kit")).first()
    db.session.execute(update(KeyGrant).where(KeyGrant.id == grant.id).values(sealed=grant.sealed[:-1] + b"x"))
    db.session.commit()
    with pytest.raises(Broken) as broken:
        kit_page.try_it(world.actor("steward"), sheet(world))
    assert broken.value.message_key == "backups.kit-does-not-open"
    assert kit_page.last_tried() is None


def test_the_shares_are_in_one_answer_and_nowhere_else(at: At, world: World, db: Any) -> None:
    at.sign_in(world.members["steward"])
    shown = at.post("/keys/kit/shares", kit=sheet(world), needed="2", of="3")
    words = re.findall(r"<code>(\w+)</code>", shown.text)
    assert len(words) == 3 * 33
    assert join(" ".join(words[:66])) == world.kit_seed
    assert "no-store" in shown.headers["Cache-Control"]


def test_nobody_but_a_steward(world: World) -> None:
    with pytest.raises(Denied):
        kit_page.try_it(world.actor("administrator"), sheet(world))
