"""A matter given to another advocate: who opens it then, whose phone has its days, what two people at once see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from shelter.clients.models import Assignment, Client
from shelter.db import db
from shelter.db.aside import CalendarEntry
from shelter.db.errors import Conflict, Missing
from shelter.legal import actions, queries
from shelter.legal.commands import ChangeMatter, GiveMatter
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.legal import RFE, make_matter, make_notice
from tests.legal.conftest import Browser

At = Callable[[str], Browser]


def entries() -> int:
    return db.session.scalar(select(func.count()).select_from(CalendarEntry)) or 0


def test_its_days_go_from_one_phone_to_the_other_and_the_file_closes_to_who_had_it(
    world: World, hers: Client, matter: bytes
) -> None:
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    make_notice(world, hers, matter, RFE)
    actions.make_calendar(advocate)
    actions.make_calendar(boss)
    assert entries() == 1
    before = {row.feed_id for row in db.session.scalars(select(CalendarEntry))}
    actions.give_matter(boss, GiveMatter(hers.code, matter, 1, boss.id, leaves=True))
    assert entries() == 1
    assert before.isdisjoint({row.feed_id for row in db.session.scalars(select(CalendarEntry))})
    with pytest.raises(Missing):
        queries.matter(advocate, hers.code, matter)
    found = queries.matter(boss, hers.code, matter)
    assert found.text.lead == boss.id
    assert found.earlier == 1
    assert len(found.open_dates) == 1


def test_who_stays_keeps_her_days_and_nobody_is_sent_away_from_another_open_matter(
    world: World, hers: Client, matter: bytes
) -> None:
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    make_notice(world, hers, matter, RFE)
    make_matter(world, hers, type="u_visa")
    actions.make_calendar(advocate)
    actions.make_calendar(boss)
    with pytest.raises(Broken) as broken:
        actions.give_matter(boss, GiveMatter(hers.code, matter, 1, boss.id, leaves=True))
    assert broken.value.field == "leaves"
    assert queries.matter(advocate, hers.code, matter).text.lead == advocate.id
    actions.give_matter(boss, GiveMatter(hers.code, matter, 1, boss.id))
    assert entries() == 2
    assert db.session.get(Assignment, (hers.id, advocate.id, "legal")) is not None


def test_only_a_supervisor_gives_and_only_to_somebody_of_the_legal_staff(
    world: World, hers: Client, matter: bytes
) -> None:
    boss = world.actor("legal_supervisor")
    with pytest.raises(Denied):
        actions.give_matter(world.actor("advocate"), GiveMatter(hers.code, matter, 1, boss.id))
    for wrong in ("caseworker", "director", "advocate"):
        with pytest.raises(Broken):
            actions.give_matter(boss, GiveMatter(hers.code, matter, 1, world.members[wrong].id))
    actions.change_matter(boss, ChangeMatter(hers.code, matter, 1, "Other words", (), ""))
    with pytest.raises(Conflict):
        actions.give_matter(boss, GiveMatter(hers.code, matter, 1, boss.id))


def test_two_who_give_it_at_once_see_both(at: At, world: World, hers: Client, matter: bytes) -> None:
    boss = world.actor("legal_supervisor")
    browser, path = at("legal_supervisor"), f"/people/{hers.code}/matters/{matter.hex()}/give"
    assert "Whoever worked on it until now" in browser.get(path).text
    actions.give_matter(boss, GiveMatter(hers.code, matter, 1, boss.id))
    late = browser.post(path, to=world.members["advocate"].id.hex(), version="1")
    assert late.status_code == 409
    assert "Saved meanwhile by" in late.text
    decided = browser.post(path, to=world.members["advocate"].id.hex(), version="2")
    assert decided.status_code == 302
    assert queries.matter(boss, hers.code, matter).text.lead == world.members["advocate"].id
    assert at("advocate").get(path).status_code == 403
