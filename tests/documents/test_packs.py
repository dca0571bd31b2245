"""The lists of papers are the same whether they are read from packs or from every paper, whatever has happened."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from shelter.accounts.occasions import do_slices, slices_waiting
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_section, save
from shelter.documents import actions, queries
from shelter.documents.actions import (
    BeginWay,
    ChangePaper,
    EndWay,
    FillFromZone,
    PaperFacts,
    SeenExpiry,
    TakeStep,
    packs,
)
from shelter.documents.known import Known
from shelter.documents.models import IN_SHORT, Listed, Paper, PaperPack, PapersInShort
from shelter.documents.queries import what_waits
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.clock import frozen
from shelter.rules.papers import papers
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.documents import begun, paper

READERS = ("caseworker", "supervisor", "advocate", "legal_supervisor", "stranger")
MRZ = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
STATES = ("in_hand", "with_trafficker", "with_employer", "lost", "applied", "issued", "expired", "agency_safe")
WHATS = ("asked", "answered", "arranged", "done", "left_out", "reopened")
LOST = PaperFacts(kind="i94", state="lost")


class History:
    """Random changes of random papers of a few people, each through the use-case of its page."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.luck = world, random.Random(seed)
        self.codes = [clients.begin(world) for _ in range(3)]
        for code in self.codes:
            clients.give_advocate(world, code)
        self.papers: list[tuple[str, bytes]] = []

    def go_on(self) -> None:
        act: Callable[[], object] = self.luck.choice(
            [
                self.add,
                self.change,
                self.change,
                self.begin,
                self.step,
                self.step,
                self.step,
                self.end,
                self.seen,
                self.zone,
            ]
        )
        try:
            act()
        except (Broken, Missing, Denied, KeyError):
            db.session.rollback()

    def facts(self) -> PaperFacts:
        luck, kinds = self.luck, sorted(papers().kinds)
        day = agency_today() + timedelta(days=luck.randint(-60, 260))
        ends = luck.choice([None, Known(year=day.year), Known(year=day.year, month=day.month, day=day.day)])
        kind = luck.choice(["foreign_passport", "ead", "i94", luck.choice(kinds)])
        return PaperFacts(kind=kind, state=luck.choice(("", *STATES)), expires=ends)

    def one(self) -> tuple[str, bytes, queries.PaperView]:
        code, found = self.luck.choice(self.papers)
        return code, found, queries.one(self.actor(), code, found)[1]

    def actor(self, who: str = "caseworker") -> Any:
        return self.world.actor(who)

    def add(self) -> None:
        code = self.luck.choice(self.codes)
        self.papers.append((code, paper(self.world, code, self.facts())))

    def change(self) -> None:
        code, found, view = self.one()
        actions.change_paper(self.actor(), ChangePaper(code, found, view.version, self.facts()))

    def begin(self) -> None:
        code, found, view = self.one()
        ways = [way.code for way in view.ways]
        actions.begin_way(self.actor(), BeginWay(code, found, view.way_version, self.luck.choice(ways or [""])))

    def step(self) -> None:
        code, found, view = self.one()
        if not view.way:
            return
        what = self.luck.choice(WHATS)
        owner = self.luck.choice(("client", "staff", "legal", "office"))
        due = agency_today() + timedelta(days=self.luck.randint(-5, 30))
        more = {"owner": owner, "due": due} if what == "arranged" else {}
        name = self.luck.choice([step.code for step in view.way.steps])
        who = self.luck.choice(("caseworker", "advocate"))
        told = TakeStep(code, found, view.way_version, name, what, words="x", go_ahead=self.luck.random() < 0.7, **more)
        actions.take_step(self.actor(who), told)

    def end(self) -> None:
        code, found, view = self.one()
        actions.end_way(self.actor(), EndWay(code, found, view.way_version, "another way"))

    def seen(self) -> None:
        code, found, view = self.one()
        actions.seen_expiry(self.actor(), SeenExpiry(code, found, view.way_version, view.reminder or 180))

    def zone(self) -> None:
        code, found, view = self.one()
        actions.fill_from_zone(self.actor(), FillFromZone(code, MRZ, found, view.version))


def lists(world: World, who: str) -> list[object]:
    """Everything that the pages of all lists say to one reader."""
    actor = world.actor(who)
    groups: list[object] = list(queries.waiting(actor))
    for name in what_waits.GROUPS:
        groups += queries.waiting(actor, name) + queries.waiting(actor, name, 1)
    return [groups, queries.running_out(actor)]


def from_all_papers(world: World, who: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The same where no pack is believed, so that every paper is opened."""
    with monkeypatch.context() as patch:
        patch.setattr(what_waits, "stands", lambda one, row: False)
        return lists(world, who)


@pytest.mark.parametrize("seed", [3, 14, 159])
def test_over_random_histories_a_list_from_packs_is_the_list_from_all_papers(
    world: World, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_waits, "FIRST", 2)
    history, at = History(world, seed), datetime(2026, 11, 28, 12, tzinfo=UTC)
    for _ in range(4):
        history.add()
    for turn in range(5):
        with frozen(at + timedelta(days=25 * turn)):
            for _ in range(10):
                history.go_on()
            for who in READERS:
                assert lists(world, who) == from_all_papers(world, who, monkeypatch), (seed, turn, who)
            packed = db.session.scalars(select(PaperPack)).all()
            short = {
                one.id: one for pack in packed for one in open_section(world.actor("caseworker"), pack, IN_SHORT).papers
            }  # type: ignore[union-attr]
            rows = {row.id: row for row in db.session.scalars(select(Paper))}
            assert short.keys() == rows.keys()
            assert all(what_waits.stands(one, rows[one.id]) for one in short.values())
    assert lists(world, "caseworker") != [[], []]
    assert wrong_rows() == []


def opened_of(monkeypatch: pytest.MonkeyPatch, ask: Callable[[], object]) -> dict[str, int]:
    """How many sections of each table are opened for a list."""
    counts: dict[str, int] = {}
    opened = what_waits.opened_each

    def count(actor: Any, rows: Any, section: Any) -> Any:
        name = f"{section.table}.{section.name}"
        counts[name] = counts.get(name, 0) + sum(1 for row in rows if row.sealed)
        return opened(actor, rows, section)

    with monkeypatch.context() as patch:
        patch.setattr(what_waits, "opened_each", count)
        ask()
    return counts


def test_only_what_is_shown_is_opened(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_waits, "FIRST", 2)
    for _ in range(9):
        paper(world, code, LOST)
    actor = world.actor("caseworker")
    assert opened_of(monkeypatch, lambda: queries.waiting(actor)) == {
        "paper_pack.short": 1,
        "paper.text": 2,
        "paper.recovery": 0,
    }


@pytest.mark.parametrize("harm", ["gone", "spoiled", "older", "another's"])
def test_a_pack_that_is_gone_spoiled_or_behind_hides_nothing_and_is_made_anew(
    world: World, code: str, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(world, code)
    pack = db.session.scalars(select(PaperPack)).one()
    before = (pack.short, pack.short_version)
    paper(world, code, LOST)
    other = clients.begin(world)
    paper(world, other, LOST)
    hers = update(PaperPack).where(PaperPack.client_id == clients.client_id(code))
    with recorded(None, "harm"):
        if harm == "gone":
            db.session.execute(delete(PaperPack))
        elif harm == "spoiled":
            db.session.execute(hers.values(short=b"x" * 90))
        elif harm == "older":
            db.session.execute(hers.values(short=before[0], short_version=before[1]))
        else:
            theirs = select(PaperPack.short).where(PaperPack.client_id == clients.client_id(other)).scalar_subquery()
            db.session.execute(hers.values(short=theirs))
    db.session.expire_all()
    whole = from_all_papers(world, "caseworker", monkeypatch)
    assert lists(world, "caseworker") == whole
    assert sum(group.count for group in queries.waiting(world.actor("caseworker"))) == 3
    paper(world, code, PaperFacts(kind="ead", state="in_hand"))
    with monkeypatch.context() as patch:
        patch.setattr(what_waits, "_open", _refuses(code))
        assert sum(1 for _ in what_waits._in_short(world.actor("caseworker"), [clients.client_id(code)])) == 3


def _refuses(code: str) -> Callable[..., dict[bytes, object]]:
    def none_left(actor: object, ids: Any) -> dict[bytes, object]:
        assert not list(ids), f"papers of {code} are opened one by one"
        return {}

    return none_left


def test_a_pack_that_says_something_else_is_not_believed_where_it_is_shown_and_doctor_makes_it_anew(
    world: World, code: str
) -> None:
    found, actor = paper(world, code, LOST), world.actor("caseworker")
    pack = db.session.scalars(select(PaperPack)).one()
    said = open_section(actor, pack, IN_SHORT)
    assert said is not None
    with recorded(actor, "harm"):
        lie = Listed(found, 1, 0, "i94", "lost", True, waits_on="staff", since=said.papers[0].changed_at)
        save(actor, pack, IN_SHORT, PapersInShort(papers=[lie]), made_from=pack.short_version)
    assert [(group.name, group.count) for group in queries.waiting(actor)] == [("nobody", 1)]
    assert packs.mend(actor) == 1
    assert packs.mend(actor) == 0
    pack = db.session.scalars(select(PaperPack)).one()
    assert open_section(actor, pack, IN_SHORT) == said
    assert wrong_rows() == []


def test_a_paper_that_does_not_open_stands_on_no_list_and_hides_no_neighbour(world: World, code: str) -> None:
    broken, sound = paper(world, code, LOST), paper(world, code, LOST)
    with recorded(None, "harm"):
        db.session.execute(update(Paper).where(Paper.id == broken).values(text=b"x" * 80))
    [group] = queries.waiting(world.actor("caseworker"))
    assert ([row.paper.id for row in group.rows], group.count) == ([sound], 1)


def test_packs_of_older_papers_are_made_by_whoever_holds_the_key_and_is_here_next(world: World, code: str) -> None:
    paper(world, code, LOST)
    with recorded(None, "before packs"):
        db.session.execute(delete(PaperPack))
    packs._all_packed.clear()
    desk, actor = world.actor("desk"), world.actor("caseworker")
    assert packs.make_those_missing not in slices_waiting(desk)
    waiting = slices_waiting(actor)
    assert packs.make_those_missing in waiting
    do_slices(actor, waiting)
    assert db.session.scalars(select(PaperPack.client_id)).all() == [clients.client_id(code)]
    assert packs.make_those_missing not in slices_waiting(actor)
