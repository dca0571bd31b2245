"""An alert at the door stands where she sleeps, and says at no site whom it protects."""

from datetime import timedelta

import pytest

from shelter.accounts.models import StaffSite
from shelter.clients import actions as client_actions
from shelter.clients.parts import SaveDanger
from shelter.clients.queries import dangers, door_alerts
from shelter.db import db
from shelter.stays import actions as stays
from shelter.stays.actions import Admit, Leave
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin
from tests.factories.stays import make_beds, stay_of, tonight


@pytest.fixture
def wide(world: World) -> World:
    """A caseworker and a desk of the south, and the caseworker of the north works there too."""
    with recorded(None, "works-there-too"):
        for who in ("caseworker", "supervisor"):
            db.session.add(StaffSite(staff_id=world.members[who].id, site_id=world.sites["south"]))
    return world


def seen(world: World, who: str) -> list[str]:
    return [one.description for one in door_alerts(world.actor(who))]


def danger(code: str, looks: str, version: int = 0, known: str = "", *, at_door: bool = True) -> SaveDanger:
    return SaveDanger(code, version, known, ("Mortimer",), description=looks, at_door=at_door)


def test_it_follows_her_to_the_site_where_she_sleeps_and_leaves_with_her(wide: World) -> None:
    worker, code = wide.actor("caseworker"), begin(wide)
    client_actions.save_danger(worker, danger(code, "Grey beard"))
    assert (seen(wide, "desk"), seen(wide, "stranger")) == (["Grey beard"], [])
    bed = make_beds(wide, site="south")["A"]
    stays.admit(wide.actor("caseworker"), Admit(code, bed, tonight() - timedelta(days=2)))
    assert (seen(wide, "desk"), seen(wide, "stranger")) == (["Grey beard"], ["Grey beard"])
    (known,) = dangers(worker, code).dangers
    client_actions.save_danger(worker, danger(code, "Shaved now", 1, known.id))
    assert seen(wide, "stranger") == ["Shaved now"]
    stay = stay_of(code)
    undo = stays.leave(wide.actor("supervisor"), Leave(code, stay.id, tonight() - timedelta(days=1), stay.days_version))
    assert (seen(wide, "desk"), seen(wide, "stranger")) == (["Shaved now"], [])
    stays.undo(wide.actor("supervisor"), undo)
    assert seen(wide, "stranger") == ["Shaved now"]
    client_actions.save_danger(worker, danger(code, "Shaved now", 2, known.id, at_door=False))
    assert (seen(wide, "desk"), seen(wide, "stranger")) == ([], [])


def test_a_danger_told_while_she_sleeps_elsewhere_stands_at_both_doors(wide: World) -> None:
    code = begin(wide)
    stays.admit(wide.actor("caseworker"), Admit(code, make_beds(wide, site="south")["A"], tonight()))
    client_actions.save_danger(wide.actor("caseworker"), danger(code, "Limps"))
    assert (seen(wide, "desk"), seen(wide, "stranger")) == (["Limps"], ["Limps"])
