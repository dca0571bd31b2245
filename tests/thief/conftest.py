"""An agency at work, founded as setup founds it, with sessions left open; and everything a thief carries off."""

import io
import logging
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image, PngImagePlugin
from sqlalchemy import MetaData, select

from shelter.accounts import drafts
from shelter.accounts.actions import ArrangeCover, arrange_cover
from shelter.clients import actions as client_actions
from shelter.clients.actions import SaveHerself
from shelter.clients.models import Client
from shelter.clients.parts import Born, Numbers, Part, Progress, SaveContact, SaveDanger, SavePart, Told
from shelter.clients.queries import agency_today
from shelter.copies import actions as copies_given
from shelter.copies import queries as copies_found
from shelter.db import db as database
from shelter.demands import actions as demands
from shelter.demands.actions import Affected, Answer, Arrived, Counsel, Found, Give, Notice
from shelter.documents.actions import AddLine, AddScan, GiveCopy, PaperFacts, add_line, add_scan, give_copy
from shelter.emergencies.actions import Break, break_glass
from shelter.erasing.actions import PutHold, put_hold
from shelter.files.actions import AddFile
from shelter.files.actions import add as add_file
from shelter.files.spool import spool
from shelter.funders import actions as funders
from shelter.funders.actions import AddGrant, AskNumber, FillForm
from shelter.funders.queries import grants
from shelter.legal import actions as matters
from shelter.plans import actions as plans
from shelter.plans.actions import (
    AddStep,
    Arrange,
    CloseCase,
    MarkReviewed,
    SaveSafety,
    SetGoal,
    add_step,
    set_goal,
)
from shelter.referrals.actions import Begin as TakeIn
from shelter.referrals.actions import Close, Refer, close, refer, take_in
from shelter.releases.actions import ShareNow
from shelter.releases.actions import share as share_now
from shelter.releases.disclosing import Share
from shelter.restricting.actions import Restrict
from shelter.restricting.actions import ask as restrict
from shelter.rules.clock import now
from shelter.rules.performance import windows
from shelter.services import actions as services
from shelter.services.actions import AskMoney, CountNobody, EnterService, PayMoney
from shelter.settings.actions import ChangeSite, change_site
from tests.factories import clients, documents, legal, notes, referrals, releases, sheets
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.thief import night
from tests.thief.canaries import CANARIES

WANTED = ("supervisor", "caseworker", "caseworker_two", "advocate", "desk")
"""Who alone is to know her, as long as no steward has signed."""


@dataclass
class Loot:
    """Bytes by where they were found."""

    places: dict[str, bytes] = field(default_factory=dict)

    def add_tree(self, name: str, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.places[f"{name}/{path.relative_to(folder)}"] = path.read_bytes()


@pytest.fixture
def watched_temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every temporary file of this test lands here."""
    folder = tmp_path / "temp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    """Everything that anything logs, down to the last detail."""
    path = tmp_path / "everything.log"
    handler = logging.FileHandler(path)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("PIL").setLevel(logging.INFO)
    yield path
    root.removeHandler(handler)
    root.setLevel(before)
    handler.close()


@pytest.fixture
def at_work(app: Flask, world: World, watched_temp: Path, log_file: Path) -> World:
    """A caseworker and an advocate have done a day's work and left their sessions open."""
    worker, desk = world.actor("caseworker"), Desk(app, world, "caseworker")
    Desk(app, world, "advocate")
    code = clients.named(world, CANARIES["legal name"], CANARIES["alias"], called=CANARIES["working name"])
    _record(world, code)
    goal = set_goal(worker, SetGoal(code, CANARIES["goal"], "Cebuano", "housing"))
    add_step(worker, AddStep(code, goal, 1, CANARIES["step"], "client", date(2026, 12, 1)))
    notes.sign(world, code, CANARIES["note"], kind="counselling", minutes=35)
    _services(world, code)
    _around_the_plan(world, code)
    facts = PaperFacts(
        kind="foreign_passport", country="PHL", number=CANARIES["passport number"], held_by=CANARIES["holder"]
    )
    kept = documents.paper(world, code, facts)
    line = AddLine(code, kept, 0, "taken_in", agency_today(), who=CANARIES["custody"], condition="whole")
    add_line(worker, line)
    add_file(worker, AddFile(code, CANARIES["file label"], picture()))
    _copy(world, code, kept)
    _release(world, code, CANARIES["release"])
    client_actions.wish(worker, code, "delete", CANARIES["message"])
    put_hold(world.actor("supervisor"), PutHold(code, "claim", CANARIES["legal hold"], date(2035, 1, 1)))
    _referrals(world, code, CANARIES["referral"])
    client_actions.send_message(world.actor("caseworker"), code, world.members["supervisor"].id, CANARIES["message"])
    break_glass(world.actor("caseworker_two"), Break(code, "danger", CANARIES["emergency"]))
    _copied(app, world, code)
    drafts.keep(worker, f"/people/{code}/plan/goals/new", [("words", CANARIES["draft"])])
    hers = legal.make_client(world, advocates=("advocate",), legal_name=CANARIES["legal name"])
    matter = legal.make_matter(world, hers)
    legal.make_filing(world, hers, matter)
    legal.make_privileged(world, hers, matter, CANARIES["statement"], CANARIES["date to keep"])
    _counsel(world, hers, matter)
    _funder(world, code)
    house = ChangeSite(None, "Quiet House", "UTC", 12, False, CANARIES["site address"], "", "", 0)
    change_site(world.actor("administrator"), house)
    _sheets(world)
    night.spend(world, CANARIES)
    _demanded(world, code)
    desk.get(f"/people/{code}")
    desk.post("/people/find", "/people", words=CANARIES["legal name"])
    return world


def _copied(app: Flask, world: World, code: str) -> None:
    """Her goals and her safety plan, sealed to counsel; and a steward is asked to sign who alone is to know her."""
    giver, reader = world.actor("caseworker"), world.members["advocate"].id
    with app.test_request_context():
        for part in ("plan", "counselling notes"):
            lines = frozenset(one.key for one in copies_found.to_copy(giver, code, part)[0])
            words = CANARIES["why a copy was given"]
            copies_given.give(giver, copies_given.Give(code, part, lines, reader, "form", words, 3))
        copies_given.ask(giver, copies_given.Ask(code, "legal", "form", CANARIES["why a copy is asked for"]))
    people = frozenset(world.members[who].id for who in WANTED)
    restrict(world.actor("supervisor"), Restrict(code, people))


def _counsel(world: World, hers: Client, matter: bytes) -> None:
    """Every field of a matter, on the phones of her advocate and of whoever stands in; a clock of a state's law."""
    boss, advocate = world.actor("legal_supervisor"), world.actor("advocate")
    for actor in (advocate, boss):
        matters.make_calendar(actor)
    legal.make_told(world, hers, matter, CANARIES.__getitem__)
    arrange_cover(boss, ArrangeCover(advocate.id, boss.id, agency_today(), agency_today()))


def _demanded(world: World, code: str) -> None:
    """A demand taken at the desk and answered, and something that got out."""
    day = agency_today()
    paper = Arrived("subpoena", CANARIES["demand"], CANARIES["demanded"], "", "no", day, None)
    demand = demands.arrived(world.actor("desk"), paper)
    demands.add_person(world.actor("supervisor"), demand, code)
    asked = Answer(demand, 1, CANARIES["demanded"], "", "no", None, CANARIES["demand"], day)
    demands.answer(world.actor("supervisor"), asked)
    demands.counsel_said(world.actor("legal_supervisor"), Counsel(demand, 0, CANARIES["counsel"]))
    tried = Notice(demand, code, 1, "in_person", "yes", CANARIES["notice of a demand"])
    demands.tried_notice(world.actor("supervisor"), tried)
    given = Give(demand, code, 2, ("served",), "paper", CANARIES["held back"])
    demands.give(world.actor("supervisor"), given)
    breach = demands.found(world.actor("director"), Found("lost", CANARIES["breach"], now(), False))
    demands.add_affected(world.actor("supervisor"), breach, code)
    told = Affected(breach, code, 1, CANARIES["breach of hers"], day, "in_person", "")
    demands.told_her(world.actor("supervisor"), told)


def _services(world: World, code: str) -> None:
    worker, day = world.actor("caseworker"), agency_today()
    services.enter(worker, EnterService((code,), "transport", day, 45, words=CANARIES["service"]))
    services.count_nobody(worker, CountNobody(world.sites["north"], "education", day, words=CANARIES["count"]))
    payment = services.ask_money(worker, AskMoney(code, "grant", "clothes", 8_000, CANARIES["money"]))
    services.pay_money(worker, PayMoney(code, payment, 1, day, CANARIES["receipt of money"]))


def _sheets(world: World) -> None:
    """One spreadsheet is in; another, large enough for the disk, waits for somebody to say what its columns are."""
    brought = [["Name", "Other"], [CANARIES["sheet brought in"], CANARIES["cell left out"]]]
    sheets.brought(world.actor("supervisor"), "clients", brought)
    code, counsel = clients.begin(world), world.actor("legal_supervisor")
    paper = [["Code", "Document", "Held by"], [code, "foreign_passport", CANARIES["paper of a sheet"]]]
    sheets.brought(world.actor("supervisor"), "papers", paper)
    matter = [["Code", "Matter", "Opened", "Adverse party"]]
    matter += [[code, "T visa", "2026-02-03", CANARIES["sheet of counsel"]]]
    sheets.brought(counsel, "matters", matter)
    sheets.sent(counsel, "matters", matter)
    waits = [["Name", CANARIES["cell left out"]], *([[CANARIES["sheet that waits"], "x" * 600]] * 2_500)]
    for file in (sheets.as_csv(waits), sheets.as_xlsx(**{CANARIES["name of a sheet"]: waits})):
        coming = spool(8 << 20)
        coming.write(file.getvalue())
        sheets.actions.take_in(world.actor("supervisor"), "clients", coming)


def _around_the_plan(world: World, code: str) -> None:
    worker, day = world.actor("caseworker"), agency_today()
    client_actions.save_herself(worker, SaveHerself(code, 0, own_words=CANARIES["her own words"]))
    plans.save_safety(worker, SaveSafety(code, 0, {"out": [CANARIES["safety line"]]}))
    plans.save_safety(worker, SaveSafety(code, 1, {"out": [CANARIES["safety line"], "again"]}))
    plans.arrange(worker, Arrange(code, "meeting", CANARIES["appointment"], day))
    plans.mark_reviewed(worker, MarkReviewed(code, 0, day, CANARIES["review"]))
    plans.close_case(worker, CloseCase(code, day, "moved", words=CANARIES["closing words"]))


def _record(world: World, code: str) -> None:
    worker = world.actor("caseworker")
    born = Born(Told("exact", 1991, 7, 23))
    client_actions.save_part(worker, SavePart(code, Part.BIRTH, 0, born, progress=Progress.DONE))
    numbers = Numbers(CANARIES["A-number"])
    client_actions.save_part(worker, SavePart(code, Part.NUMBERS, 0, numbers, progress=Progress.DONE))
    rule = SaveContact(
        code=code,
        version=0,
        channel="call",
        allowed="allowed",
        value=CANARIES["telephone"],
        say=CANARIES["what to say"],
        code_word=CANARIES["code word"],
    )
    client_actions.save_contact(worker, rule)
    danger = SaveDanger(code, 0, "", (CANARIES["danger's name"],), description=CANARIES["danger's looks"])
    client_actions.save_danger(worker, danger)


def _funder(world: World, code: str) -> None:
    """A workbook with rows of clients that waits for a second person, and a number that is asked about."""
    preparer = world.actor("preparer")
    funders.add_grant(preparer, AddGrant(CANARIES["grant"], "tvap"))
    (grant,) = grants(preparer)
    over = windows(agency_today())[0]
    funders.fill_form(preparer, FillForm("tvap", over, CANARIES["funder's purpose"], grant=grant.id))
    services.enter(world.actor("caseworker"), EnterService((code,), "transport", over.last, why="before"))
    file = funders.fill_form(preparer, FillForm("ovc_pmt", over, CANARIES["funder's purpose"]))
    funders.ask_number(preparer, AskNumber(file, "8", "B9", CANARIES["question about a number"]))


def _copy(world: World, code: str, paper: bytes) -> None:
    """A copy given out under a release that names it."""
    worker, words = world.actor("caseworker"), CANARIES["copy given out"]
    scan = add_scan(worker, AddScan(code, paper, words, documents.picture()))
    terms = {"items": ("name", "paper_copies"), "papers": ("foreign_passport",), "methods": ("paper",)}
    release = releases.live(world, code, organisation=words, **terms)
    give_copy(worker, GiveCopy(code, paper, scan, release, "paper", lambda cover: cover.organisation, words))


def _release(world: World, code: str, words: str) -> None:
    """A release with the same words in every field, signed and used."""
    release = releases.asked(world, code, organisation=words, person=words, purpose_words=words, risks=words)
    releases.sign(world, code, release, name=words)
    share_now(world.actor("caseworker"), ShareNow(code, Share(release, ("name",), "phone", words)))


def _referrals(world: World, code: str, words: str) -> None:
    """One out and three in (waiting, taken into a record, closed), with the same words in every field."""
    worker = world.actor("caseworker")
    refer(worker, Refer(code, words, words))
    token = referrals.address(world, words)
    for _ in range(3):
        referrals.leave(token, organisation=words, sender=words, reach=words, called=words, needs=words)
    one, other, _ = referrals.dropped()
    take_in(worker, TakeIn(one.id, code=code))
    close(worker, Close(other.id, "other", words))


def picture() -> bytes:
    """A picture that says something in its comment, which must go, and in its size, which may stay."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", CANARIES["picture"])
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (12, 99, 180)).save(out, "PNG", pnginfo=said)
    return out.getvalue()


@pytest.fixture
def loot(at_work: World, db: Any, watched_temp: Path, log_file: Path, tmp_path: Path) -> Loot:
    """Data folder, database and journal, a backup, every column, the logs and the temporary files."""
    found = Loot()
    database.session.commit()
    found.add_tree("data", at_work.settings.folder)
    found.add_tree("temp", watched_temp)
    found.places["log"] = log_file.read_bytes()
    if db.engine.dialect.name == "sqlite":
        backup = tmp_path / "backup.sqlite"
        with sqlite3.connect(db.engine.url.database) as source:
            source.execute("VACUUM INTO ?", (str(backup),))
        source.close()
        found.places["backup"] = backup.read_bytes()
    found.places["columns"] = every_value(db)
    return found


def every_value(db: Any) -> bytes:
    tables = MetaData()
    tables.reflect(db.session.connection())
    kept: list[bytes] = []
    for table in tables.sorted_tables:
        for row in db.session.execute(select(table)):
            kept += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    db.session.commit()
    return b"\n".join(kept)
