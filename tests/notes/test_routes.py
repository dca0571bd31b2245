"""Notes through the pages: a draft outlives the session for its author alone, and nothing typed is lost."""

from collections.abc import Callable

from shelter.accounts import drafts
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.notes import child_of, read, sign

Sign = Callable[[str], Desk]


def test_a_note_is_signed_and_stands_on_her_page(world: World, desk: Sign, code: str) -> None:
    child, rosa = child_of(world, code), desk("caseworker")
    answer = rosa.post(
        f"/people/{code}/notes/new", kind="case", on="2026-01-02", words="Two calls.", present="client", also=child
    )
    assert answer.status_code == 302
    assert "Two calls." in rosa.get(f"/people/{code}").text
    assert read(world, child) == ["Two calls."]


def test_what_was_being_typed_is_there_after_signing_in_again_for_its_author_alone(
    world: World, desk: Sign, code: str
) -> None:
    where = f"/people/{code}/notes/new"
    drafts.keep(world.actor("caseworker"), where, [("words", "half a thought"), ("kind", "counselling")])
    rosa = desk("caseworker")
    assert "half a thought" in rosa.get(where).text
    assert "half a thought" not in desk("supervisor").get(where).text
    rosa.post(where, kind="case", on="2026-01-02", words="A whole thought.")
    assert "half a thought" not in rosa.get(where).text


def test_what_is_wrong_is_said_beside_it_and_what_was_typed_stays(world: World, desk: Sign, code: str) -> None:
    answer = desk("caseworker").post(f"/people/{code}/notes/new", kind="case", on="2126-01-02", words="Later.")
    assert answer.status_code == 422
    assert "make an appointment" in answer.text
    assert "Later." in answer.text
    assert read(world, code) == []


def test_an_addition_stands_beside_the_note_and_search_words_stand_in_no_address(
    world: World, desk: Sign, code: str
) -> None:
    note, rosa = sign(world, code, "Dr Ruiz on Monday."), desk("caseworker")
    rosa.post(f"/people/{code}/notes/{note.hex()}/add", words="Moved to Friday.", why="they called")
    shown = rosa.get(f"/people/{code}/notes/{note.hex()}").text
    assert "Dr Ruiz on Monday." in shown
    assert "Moved to Friday." in shown
    found = rosa.post(f"/people/{code}/notes/search", f"/people/{code}/notes/", words="ruiz")
    assert found.status_code == 200
    assert "Dr Ruiz on Monday." in found.text
    assert "Moved to Friday." not in found.text
