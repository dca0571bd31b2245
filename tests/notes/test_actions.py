"""Signed notes: nothing overwrites one, each lands in the right files alone, and each kind has its readers."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from shelter.clients import actions as client_actions
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.notes import actions, packs, queries
from shelter.notes.actions import AddToNote, WriteNote
from shelter.notes.models import Note, NotePack
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.trail.record import recorded
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.notes import child_of, read, sign


def rows() -> list[tuple[bytes, bytes | None, int]]:
    return [(row.id, row.text, row.text_version) for row in db.session.scalars(select(Note).order_by(Note.place))]


def test_adding_to_a_note_leaves_every_signed_byte_as_it_was(world: World, code: str) -> None:
    first = sign(world, code, "She wants to sleep with the light on.", minutes=40, present=("client", "interpreter"))
    before = rows()
    for who in ("caseworker", "supervisor"):
        actions.add_to_note(world.actor(who), AddToNote(code, first, "It was Tuesday.", "wrong day"))
    assert rows()[:1] == before
    assert {version for _, _, version in rows()} == {1}
    _, note, added = queries.note(world.actor("caseworker"), code, first)
    assert (note.words, note.minutes, note.present) == (
        "She wants to sleep with the light on.",
        40,
        ("client", "interpreter"),
    )
    assert [(one.words, one.why, one.by) for one in added] == [
        ("It was Tuesday.", "wrong day", "Caseworker"),
        ("It was Tuesday.", "wrong day", "Supervisor"),
    ]


def test_an_addition_is_not_added_to_and_a_note_of_another_file_is_not_there(world: World, code: str) -> None:
    other, actor = clients.begin(world), world.actor("caseworker")
    first = sign(world, code, "One.")
    actions.add_to_note(actor, AddToNote(code, first, "Two.", "more"))
    addition = queries.notes(actor, code).notes[0].id
    for whose, note in [(code, addition), (other, first), (code, bytes(16))]:
        with pytest.raises(Missing):
            actions.add_to_note(actor, AddToNote(whose, note, "Three.", "more"))
        with pytest.raises(Missing):
            queries.note(actor, whose, note)
    assert len(rows()) == 2


def test_a_note_about_a_household_lands_in_each_right_file_and_in_no_other(world: World, code: str) -> None:
    child, second, alone = child_of(world, code), child_of(world, code, "Mei"), clients.begin(world, called="Ana")
    note = sign(world, code, "We talked about school.", also=(child,))
    assert [read(world, one) for one in (code, child, second, alone)] == [
        ["We talked about school."],
        ["We talked about school."],
        [],
        [],
    ]
    actions.add_to_note(world.actor("supervisor"), AddToNote(code, note, "From Monday on.", "she called"))
    assert [len(read(world, one)) for one in (code, child, second, alone)] == [2, 2, 0, 0]
    with pytest.raises(Missing):
        sign(world, code, "Not hers.", also=(child, alone))
    assert [len(read(world, one)) for one in (code, child, second, alone)] == [2, 2, 0, 0]


def test_a_person_under_two_codes_stands_once_in_a_household_and_never_beside_herself(world: World, code: str) -> None:
    """The child was written down twice, and so was she: one file each, and a note lands in it once."""
    child, twin = child_of(world, code), child_of(world, code, "Bo again")
    herself = child_of(world, code, "Lin again")
    worker, sofia = world.actor("caseworker"), world.actor("supervisor")
    assert {one for one, _ in queries.members(worker, code)} == {child, twin, herself}
    client_actions.merge(sofia, twin, child)
    client_actions.merge(sofia, herself, code)
    assert [one for one, _ in queries.members(worker, code)] == [child]
    assert [one for one, _ in queries.members(worker, child)] == [code]
    with pytest.raises(Missing):
        sign(world, code, "About her.", also=(herself,))
    client_actions.undo_merge(sofia, twin)
    assert {one for one, _ in queries.members(worker, code)} == {child, twin}


def test_who_is_denied_one_of_a_household_writes_only_to_the_others(world: World, code: str) -> None:
    child = child_of(world, code)
    client_actions.assign(world.actor("supervisor"), code, world.members["caseworker_two"].id)
    client_actions.deny(world.actor("supervisor"), child, world.members["caseworker_two"].id)
    assert queries.members(world.actor("caseworker_two"), code) == []
    with pytest.raises((Missing, Denied)):
        sign(world, code, "About both.", who="caseworker_two", also=(child,))
    assert rows() == []
    both = sign(world, code, "About both.", also=(child,))
    actions.add_to_note(world.actor("caseworker_two"), AddToNote(code, both, "And this.", "more"))
    assert [len(read(world, one)) for one in (code, child)] == [2, 1]


def test_each_kind_has_its_readers(world: World, code: str) -> None:
    client_actions.assign(world.actor("supervisor"), code, world.members["caseworker_two"].id)
    sign(world, code, "Done.")
    sign(world, code, "She dreamt.", kind="counselling")
    sign(world, code, "Carries too much.", who="supervisor", kind="supervision")
    assert read(world, code, "supervisor") == ["Carries too much.", "She dreamt.", "Done."]
    assert read(world, code, "caseworker_two") == ["She dreamt.", "Done."]
    with pytest.raises(Denied):
        sign(world, code, "No.", kind="supervision")
    supervised = queries.notes(world.actor("supervisor"), code).notes[0].id
    with pytest.raises(Missing):
        queries.note(world.actor("caseworker"), code, supervised)


def test_a_house_open_to_its_caseworkers_does_not_open_counselling_notes(world: World, code: str) -> None:
    from shelter.settings.actions import ChangeSite, change_site

    sign(world, code, "She dreamt.", kind="counselling")
    sign(world, code, "Done.")
    open_house = ChangeSite(world.sites["north"], "North House", "UTC", 12, True, "", "", "", 0)
    change_site(world.actor("administrator"), open_house)
    assert read(world, code, "caseworker_two") == ["Done."]
    with pytest.raises(Denied):
        sign(world, code, "No.", who="caseworker_two", kind="counselling")
    assert queries.search(world.actor("caseworker_two"), code, "dreamt") == []


@pytest.mark.parametrize("who", ["desk", "advocate", "legal_supervisor", "director", "volunteer", "stranger"])
def test_nobody_else_signs_or_reads(world: World, code: str, who: str) -> None:
    clients.give_advocate(world, code)
    sign(world, code, "Done.")
    with pytest.raises((Missing, Denied)):
        sign(world, code, "Mine.", who=who)
    with pytest.raises((Missing, Denied)):
        read(world, code, who)
    assert len(rows()) == 1


def test_a_note_of_tomorrow_or_of_no_kind_is_refused_beside_its_question(world: World, code: str) -> None:
    actor, today = world.actor("caseworker"), agency_today()
    for command, field in [
        (WriteNote(code, "case", today + timedelta(days=1), "x"), "on"),
        (WriteNote(code, "diary", today, "x"), "kind"),
    ]:
        with pytest.raises(Broken) as no:
            actions.write_note(actor, command)
        assert no.value.field == field
    assert rows() == []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=300).filter(str.strip)
)
def test_what_was_written_is_found_again_and_reads_the_same(world: World, code: str, words: str) -> None:
    note = sign(world, code, words)
    actor = world.actor("caseworker")
    assert queries.note(actor, code, note)[1].words == words
    assert note in {one.id for one in queries.search(actor, code, words.split()[0].upper().lower())}


def test_a_long_file_is_read_page_by_page_and_found_in_whole(world: World, code: str) -> None:
    for number in range(queries.PAGE + 3):
        sign(world, code, f"Note {number} about the dentist." if number == 1 else f"Note {number}.")
    actor = world.actor("caseworker")
    first = queries.notes(actor, code)
    assert first.notes[0].words == f"Note {queries.PAGE + 2}."
    rest = queries.notes(actor, code, first.older)
    assert [one.words for one in rest.notes] == ["Note 2.", "Note 1 about the dentist.", "Note 0."]
    assert rest.older is None
    assert [one.words for one in queries.search(actor, code, "DENTIST note")] == ["Note 1 about the dentist."]


def test_packed_notes_are_found_as_those_that_are_not(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "EVERY", 3)
    monkeypatch.setattr(packs, "FULL", 60)
    draw, words = random.Random(5), ["bus", "buses", "coat", "Straße", "dentist"]
    said = [" ".join(draw.choices(words, k=4)) for _ in range(13)]
    for one in said:
        sign(world, code, one)
    held = db.session.scalars(select(NotePack).where(NotePack.client_id == clients.client_id(code))).all()
    assert 1 < len(held) < 13, "several packs, and the thirteenth note in none"
    actor = world.actor("caseworker")
    for asked in ("bus", "buses coat", "STRASSE", "dentist bus coat", "us", "s c", "nothing"):
        wanted = asked.casefold().split()
        expected = [one for one in reversed(said) if all(word in one.casefold() for word in wanted)]
        assert [hit.words for hit in queries.search(actor, code, asked)] == expected


def test_a_pack_that_is_gone_or_spoiled_hides_no_note(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "EVERY", 2)
    monkeypatch.setattr(packs, "FULL", 10)
    for number in range(7):
        sign(world, code, f"Bus number {number}.")
    actor = world.actor("caseworker")
    for number, pack in enumerate(db.session.scalars(select(NotePack.id)).all()):
        with recorded(None, "a thief writes"):
            one = NotePack.id == pack
            db.session.execute(
                delete(NotePack).where(one) if number % 2 else update(NotePack).where(one).values(words=b"x")
            )
        assert len(queries.search(actor, code, "bus")) == 7
    sign(world, code, "Bus again.")
    assert len(queries.search(actor, code, "bus")) == 8
