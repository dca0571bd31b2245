"""People are found by what others remember of a name, and only by those who may open their record."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from shelter.accounts import notices
from shelter.clients import directory, queries
from shelter.clients.directory import Lane
from shelter.clients.models import Identity
from shelter.db import apart, new_id, segments
from shelter.db.packed import Segment
from shelter.policy.acts import Act
from shelter.rules.broken import Broken
from shelter.trail.models import Trail, TrailDetail
from shelter.trail.record import commit_reads, recorded
from tests.factories.agency import World
from tests.factories.clients import begin, give_advocate, named, phone, save_names


def found(world: World, words: str, who: str = "caseworker") -> list[str]:
    return [row.code for row in queries.find(world.actor(who), words)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Muhammad al-Rashid", "mohamed rashid"),
        ("Mohamed Rashid", "Muhammad"),
        ("محمد الراشد", "mohammed rashed"),
        ("Xiaoling Wang", "hsiao-ling"),
        ("Wang Hsiao-ling", "xiaoling wang"),
        ("王小玲", "Wang Xiaoling"),
        ("Nguyễn Thị Hồng", "nguyen hong"),
        ("Nguyen Thi Hong", "Hồng Nguyễn"),
        ("José Peña Ibáñez", "ibanez jose"),
        ("Елена Соколова", "yelena sokolova"),
        ("Gonzalez", "gonzales"),
    ],
)
def test_a_name_is_found_in_any_order_spelling_and_script(world: World, name: str, words: str) -> None:
    code = named(world, name)
    named(world, "Beatrix Oyelaran")
    assert found(world, words)[:1] == [code]


def test_an_alias_and_a_working_name_find_her_too(world: World) -> None:
    code = named(world, "Ofelia Barragán", "Candy Lane", "La Güera", called="Fefa")
    for words in ("candy", "guera", "fefa", "lane candy"):
        assert found(world, words) == [code]


def test_the_nearest_comes_first(world: World) -> None:
    exact, near = named(world, "Rosa Delgado"), named(world, "Rosalinda Salgado")
    assert found(world, "rosa delgado")[0] == exact
    assert near not in found(world, "rosa delgado")[:1]


def test_a_code_finds_her_however_it_is_typed(world: World) -> None:
    code = begin(world)
    assert found(world, code.lower().replace("-", " ")) == [code]


def test_a_telephone_number_is_found_exactly_and_no_longer_after_it_changed(world: World) -> None:
    code, actor = begin(world), world.actor("caseworker")
    phone(actor, code, "(415) 555-0132")
    assert found(world, "+1 415 555 0132") == [code]
    assert found(world, "415 555 0133") == []
    phone(actor, code, "213 555 0177", version=1)
    assert found(world, "4155550132") == []
    assert found(world, "213-555-0177") == [code]


def test_a_changed_name_is_found_and_the_old_one_is_not(world: World) -> None:
    code = named(world, "Perpetua Anjou")
    save_names(world.actor("caseworker"), code, "Felicity Brandt", version=1)
    assert found(world, "felicity brandt") == [code]
    assert found(world, "perpetua anjou") == []


def test_a_record_without_any_name_is_in_no_segment(world: World, db: Any) -> None:
    begin(world, called="")
    assert db.session.scalar(select(func.count()).select_from(Segment)) == 0


def test_nobody_finds_whom_she_may_not_open(world: World) -> None:
    here = named(world, "Soledad Ferreira", who="caseworker")
    there = named(world, "Soledad Ferreira", who="stranger", site="south")
    assert found(world, "soledad", "caseworker") == [here]
    assert found(world, "soledad", "supervisor") == [here]
    assert found(world, "soledad", "stranger") == [there]
    assert found(world, "soledad", "caseworker_two") == []
    assert found(world, "soledad", "advocate") == []
    assert found(world, there, "caseworker") == []


def test_an_advocate_finds_those_with_whom_she_has_a_matter(world: World) -> None:
    code = named(world, "Ilse Marchetti")
    named(world, "Ilse Moretti")
    give_advocate(world, code)
    assert found(world, "ilse", "advocate") == [code]


def test_words_too_short_or_too_long_are_refused(world: World) -> None:
    for words in ("a", "x" * 201):
        with pytest.raises(Broken):
            queries.find(world.actor("caseworker"), words)


def test_the_words_of_a_search_stand_in_no_column(world: World, db: Any) -> None:
    found(world, "Zephyrine Quoirez")
    commit_reads()
    details = list(db.session.scalars(select(TrailDetail.sealed)))
    assert details
    assert not any(b"ephyrine" in sealed for sealed in details)


def test_a_segment_brought_back_is_refused_written_down_and_hides_no_other(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, actor = named(world, "Amparo Villegas"), world.actor("caseworker")
    old = db.session.scalars(select(Segment.sealed).where(Segment.store == Lane.NAMES)).one()
    save_names(actor, code, "Amparo Cisneros", version=1)
    phone(actor, code, "415 555 0132")
    intruder(db, monkeypatch, update(Segment).where(Segment.store == Lane.NAMES).values(sealed=old))
    assert found(world, "amparo") == []
    assert db.session.scalar(select(func.count()).where(Trail.act == "refused:seal")) == 1
    assert found(world, "415 555 0132") == [code]


def test_a_segment_moved_to_another_lane_does_not_open_there(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(world, "Amparo Villegas")
    intruder(db, monkeypatch, update(Segment).values(store=Lane.PHONES.value))
    place = directory.shelf(world.actor("caseworker"), Lane.PHONES)
    with segments.scanning(world.actor("caseworker"), place) as contents:
        assert list(contents) == []
    assert len(contents.broken) == 1


def test_a_segment_that_another_took_the_place_of_while_it_was_read_is_read_as_it_is_now(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(world, "Amparo Villegas")
    actor = world.actor("caseworker")
    place, before, portions = directory.shelf(actor, Lane.NAMES), segments.read, segments.chunks
    waiting = [True]

    def replaced(ids: list[bytes], size: int) -> Any:
        if waiting and waiting.pop():
            content = before(actor, place, 0)
            segments.drop(place)
            segments.put_new(actor, place, 0, content)
        return portions(ids, size)

    monkeypatch.setattr(segments, "_ciphertexts", segments.Kept(segments.MOST_KEPT))
    monkeypatch.setattr(segments, "chunks", replaced)
    with segments.scanning(actor, place) as contents:
        assert [no for no, _ in contents] == [0]
    assert not waiting


def intruder(db: Any, monkeypatch: pytest.MonkeyPatch, statement: Any) -> None:
    """Writes past every key, and the worker starts afresh."""
    db.session.execute(statement.execution_options(synchronize_session=False))
    db.session.commit()
    monkeypatch.setattr(segments, "_ciphertexts", segments.Kept(segments.MOST_KEPT))
    monkeypatch.setattr(apart, "_kept", segments.Kept(apart.MOST_KEPT))


def test_a_segment_that_does_not_open_is_written_down_at_each_search_and_found_again_once_it_is_mended(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = named(world, "Amparo Villegas")
    good = db.session.scalars(select(Segment.sealed).where(Segment.store == Lane.NAMES)).one()
    names = update(Segment).where(Segment.store == Lane.NAMES)
    intruder(db, monkeypatch, names.values(sealed=good[:-1] + bytes([good[-1] ^ 1])))
    for times in (1, 2):
        assert found(world, "amparo") == []
        assert db.session.scalar(select(func.count()).where(Trail.act == "refused:seal")) == times
    db.session.execute(names.values(sealed=good).execution_options(synchronize_session=False))
    db.session.commit()
    monkeypatch.setattr(segments, "_ciphertexts", segments.Kept(segments.MOST_KEPT))
    assert found(world, "amparo") == [code]


def test_what_a_worker_keeps_for_searching_says_no_name(world: World) -> None:
    code = named(world, "Amparo Villegas")
    assert found(world, "amparo villegas") == [code]
    kept = [piece for _, pieces, _ in apart._kept._held.values() for piece in (pieces.head, *pieces.sealed)]
    assert kept
    assert not any(word in piece for piece in kept for word in (b"amparo", b"villegas"))


def test_who_was_never_saved_hides_nobody_who_is_saved_in_her_place(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save looks for matches before it commits; another save of the same number may come after it fails."""
    first, second = named(world, "Perpetua Anjou"), named(world, "Honorata Brandt")
    actor = world.actor("caseworker")
    with monkeypatch.context() as patched:
        patched.setattr("shelter.clients.actions.record.named.told", broken)
        with pytest.raises(OSError, match="the disk is full"):
            save_names(actor, first, "Felicity Unsaved", version=1)
    save_names(world.actor("caseworker"), second, "Tamsin Okonedo", version=1)
    assert found(world, "tamsin okonedo") == [second]
    assert found(world, "felicity unsaved") == []
    assert found(world, "perpetua anjou") == [first]


def broken(*_: object) -> None:
    raise OSError("the disk is full")


def test_the_one_called_just_so_is_found_among_thousands_of_namesakes(world: World) -> None:
    actor = world.actor("supervisor")
    people = [(new_id(), Identity(legal_name=f"Mary Number{n}")) for n in range(3000)]
    people.append((new_id(), Identity(legal_name="Somebody Quite Different", aliases=["Mary"])))
    with recorded(actor, Act.HMIS_IMPORT):
        directory.keep_many(actor, people)
    assert directory.by_name(actor, "mary")[0].client_id == people[-1][0]


def test_an_import_packs_its_names_and_leaves_out_who_has_none(world: World, db: Any) -> None:
    actor = world.actor("supervisor")
    people = [(new_id(), Identity(legal_name=f"Person Number{n}")) for n in range(5000)]
    people.append((new_id(), Identity(hmis_personal_id="123")))
    with recorded(actor, Act.HMIS_IMPORT):
        directory.keep_many(actor, people)
    assert [identity.entry for _, identity in (people[0], people[4999], people[5000])] == [0, 1, None]
    hits = directory.by_name(actor, "person number4999")
    assert hits[0].client_id == people[4999][0]


def test_two_desks_that_enter_names_at_once_lose_none(app: Flask, world: World, db: Any) -> None:
    begin(world)  # the agency has begun its work: what is made once is there
    failures: list[BaseException] = []

    def enter(who: str, number: int) -> None:
        try:
            with app.app_context():
                named(world, f"Concurrent {who}{number}", who=who)
        except BaseException as failure:
            failures.append(failure)

    desks = [("caseworker", 1), ("caseworker_two", 2), ("supervisor", 3), ("caseworker", 4)]
    threads = [threading.Thread(target=enter, args=one) for one in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    actor = world.actor("supervisor")
    assert len(directory.by_name(actor, "concurrent")) == 4


def test_a_worker_without_access_learns_only_that_somebody_may_match(world: World, desk: Callable[..., Any]) -> None:
    theirs = named(world, "Guillermina Echeverria", who="stranger", site="south")
    mine = named(world, "Guillermina Etcheverria")
    found_now = queries.matches_of(world.actor("caseworker"), mine)
    assert found_now.rows == []
    assert found_now.others
    notices = desk("supervisor").get("/notices").text
    assert mine in notices
    assert theirs in notices
    assert theirs not in desk("caseworker").get(f"/people/{mine}/matches").text


def test_a_colleague_told_of_a_match_is_not_told_again_by_a_save_that_changes_no_name(world: World) -> None:
    named(world, "Honorata Wiśniewska", who="stranger", site="south")
    code = named(world, "Honorata Wisniewska")
    before = len(notices.mine(world.actor("supervisor")))
    save_names(world.actor("caseworker"), code, "Honorata Wisniewska", version=1)
    assert len(notices.mine(world.actor("supervisor"))) == before == 1


def test_leaving_a_name_empty_takes_it_out_of_the_directory(world: World) -> None:
    code = named(world, "Tamsin Okonedo")
    save_names(world.actor("caseworker"), code, "", version=1)
    assert directory.by_name(world.actor("caseworker"), "tamsin") == []
