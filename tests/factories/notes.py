"""Notes of a world, signed through the same use-cases as the pages."""

from datetime import timedelta

from shelter.clients import actions as clients
from shelter.clients.parts import AddMember, FirstMeeting, Told
from shelter.clients.queries import agency_today
from shelter.notes import actions, queries
from shelter.notes.actions import WriteNote
from tests.factories.agency import World


def sign(world: World, code: str, words: str, who: str = "caseworker", kind: str = "case", **more: object) -> bytes:
    """A note of yesterday; its id."""
    on = agency_today() - timedelta(days=1)
    return actions.write_note(world.actor(who), WriteNote(code, kind, on, words, **more))  # type: ignore[arg-type]


def read(world: World, code: str, who: str = "caseworker") -> list[str]:
    """The words of every note she may read, newest first."""
    return [one.words for one in queries.notes(world.actor(who), code).notes]


def child_of(world: World, code: str, called: str = "Bo", who: str = "caseworker") -> str:
    """Somebody who came with her, as a client of her own; the code."""
    return clients.add_member(world.actor(who), AddMember(code, FirstMeeting(working_name=called), "child", Told()))
