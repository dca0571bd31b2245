"""Ledger and records agree after ordinary work, and a fact that was lost or made up is noticed."""

from __future__ import annotations

from sqlalchemy import delete

from shelter.db import db
from shelter.db.packed import Inbox
from shelter.reports.agreeing import agreements
from tests.factories.agency import World
from tests.factories.reports import mixed, tell
from tests.factories.stays import make_beds, resident


def faults(world: World) -> set[str]:
    return {one.what for one in agreements(world.actor("director")) if not one.holds}


def test_ledger_and_records_agree_until_a_fact_is_lost_or_made_up(world: World) -> None:
    resident(world, make_beds(world)["A"])
    assert faults(world) == set()
    tell(world, *mixed(3))  # facts of people who are nowhere
    assert faults(world) == {"person", "stay"}
    db.session.execute(delete(Inbox))
    db.session.commit()
    assert faults(world) == {"person", "stay"}
