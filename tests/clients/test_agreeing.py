"""The directory of names against the records: an entry taken away, changed or put back is counted."""

from collections.abc import Callable

import pytest

from shelter.clients import directory
from shelter.clients.queries.agreeing import Agreement, directory_agrees
from shelter.db import segments
from shelter.rules import directory as lane
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.factories.clients import begin, client_id, named, save_names

Edit = Callable[[bytes], bytes | None]


def written_over(world: World, edit: Edit) -> None:
    """What a fault, or somebody with a key, does to the first segment."""
    actor = world.actor("supervisor")
    with recorded(actor, "test"):
        assert segments.change(actor, directory.shelf(actor, directory.Lane.NAMES), 0, edit)


def agreement(world: World) -> Agreement:
    found = directory_agrees(world.actor("supervisor"))
    assert found is not None
    return found


@pytest.fixture
def someone(world: World) -> bytes:
    begin(world, called="")
    code = named(world, "Quirina Vantongeren", "Rina", called="Lin")
    named(world, "Somebody Else")
    save_names(world.actor("caseworker"), code, "Quirina V. Vantongeren", "Rina", version=1)
    return client_id(code)


def test_after_names_were_given_and_changed_both_agree(world: World, someone: bytes) -> None:
    assert agreement(world).holds
    assert agreement(world).entries == 2


def test_an_entry_that_is_gone_is_missing(world: World, someone: bytes) -> None:
    written_over(world, lambda content: lane.remove(content, someone))
    assert agreement(world) == Agreement(1, missing=1)


def test_an_entry_with_another_name_differs(world: World, someone: bytes) -> None:
    written_over(world, lambda content: lane.replace(content, lane.Entry(someone, ("Quirina Older",))))
    assert agreement(world) == Agreement(2, different=1)


def test_an_entry_of_nobody_is_stray(world: World, someone: bytes) -> None:
    written_over(world, lambda content: lane.append(content, lane.Entry(bytes(16), ("Erased Person",))))
    assert agreement(world) == Agreement(3, stray=1)


def test_who_holds_no_identities_is_not_asked(world: World, someone: bytes) -> None:
    assert directory_agrees(world.actor("desk")) is None
