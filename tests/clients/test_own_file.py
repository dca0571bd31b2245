"""Her own file holds what every room wrote, in her language or sealed; what she asks about it is written down."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pikepdf
import pytest
from flask import Flask, g

from shelter.clients import actions, queries
from shelter.clients.actions import AnswerWish
from shelter.clients.models import Assignment
from shelter.clients.queries import Holding, agency_today
from shelter.clients.queries.own_file import told
from shelter.copies import queries as copies
from shelter.copies.actions import Give, give
from shelter.course.actions import Refer as ReferHere
from shelter.course.actions import refer as refer_here
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.base import Base
from shelter.db.errors import Conflict, Missing
from shelter.db.forgetting import HERS
from shelter.db.sections import INVENTORY
from shelter.desk.actions import Came, KeepThing, Report, keep, report, write_door
from shelter.legal.actions import write
from shelter.legal.commands import Write
from shelter.plans import queries as plans
from shelter.plans.actions import (
    AddStep,
    Arrange,
    ChangeStep,
    CloseCase,
    SetGoal,
    add_step,
    arrange,
    change_step,
    close_case,
    set_goal,
)
from shelter.policy.errors import Denied
from shelter.policy.roles import Role
from shelter.referrals.actions import Move, Refer, move, refer
from shelter.releases.actions import Say, Which, revoke
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.her_file import apart
from shelter.trail.record import recorded
from tests.factories import clients, legal, notes
from tests.factories.agency import World, join
from tests.factories.clients import Desk
from tests.factories.releases import live
from tests.factories.services import enter
from tests.factories.stays import tonight
from tests.support.pdftext import words_of

GOAL = "Quiero aprender a manejar"
WORDS = "tres barcos en el mar"


@pytest.fixture
def code(world: World) -> str:
    found = clients.named(world, "Xiomara Baldomar")
    set_goal(world.actor("caseworker"), SetGoal(found, GOAL, "Spanish", "work"))
    live(world, found)
    return found


@pytest.fixture
def in_a_request(app: Flask) -> Iterator[None]:
    """The rooms say what they hold in the reader's language."""
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("in_a_request")
def test_every_room_says_what_it_holds_and_a_room_she_may_not_open_says_nothing(world: World, code: str) -> None:
    _, holdings, _ = queries.own_file(world.actor("caseworker"), code)
    said = {str(line.words) for held in holdings for line in held.lines}
    assert any(GOAL in words for words in said)
    assert any("Harbor Legal Aid" in str(line.label) for held in holdings for line in held.lines)
    for who in ("advocate", "desk", "director", "stranger"):
        with pytest.raises((Missing, Denied)):
            queries.own_file(world.actor(who), code)


@pytest.mark.usefixtures("in_a_request")
def test_what_was_agreed_answered_moved_and_closed_is_told_with_its_words(world: World) -> None:
    """Not only that there is a release, a referral, a step and a closing: what was said about each."""
    worker, code = world.actor("caseworker"), clients.named(world, "Xiomara Baldomar")
    goal = set_goal(worker, SetGoal(code, GOAL, "Spanish", "work"))
    add_step(worker, AddStep(code, goal, 1, "Ask for the booklet", "client", agency_today()))
    (step,) = plans.plan(worker, code).goals[0].steps
    day = agency_today() + timedelta(days=1)
    change_step(worker, ChangeStep(code, goal, step.id, 2, "moved", due=day, why="the office was shut"))
    release = live(
        world, code, purpose_words="a bed near school", risks="her cousin works there", interpreter="Ms. Tran"
    )
    revoke(worker, Say(Which(code, release, 2), "she rang us"))
    referral = refer(worker, Refer(code, "Harbor Clinic", "teeth"))
    move(worker, Move(code, referral, 1, "refused", "no Mixtec there"))
    arrange(worker, Arrange(code, "meeting", "Clinic", agency_today(), where="third floor", goes_along="Marta"))
    closing = CloseCase(code, agency_today(), "moved", "own_home", ("t_visa",), "Valley program", "likes letters", {})
    close_case(worker, closing)
    said = _words(queries.own_file(worker, code)[1])
    for words in (
        "the office was shut", "a bed near school", "her cousin works there", "Ms. Tran", "Lin Z.", "she rang us",
        "no Mixtec there", "third floor", "Marta", "Valley program", "likes letters", "T visa", "A home of her own",
    ):  # fmt: skip
        assert words in said, words


@pytest.mark.usefixtures("in_a_request")
def test_a_wish_is_answered_once_and_keeping_something_needs_a_why(world: World, code: str) -> None:
    actor = world.actor("caseworker")
    wish = actions.wish(actor, code, "delete", "my sister's name")
    with pytest.raises(Broken):
        actions.answer_wish(actor, AnswerWish(code, wish, 1, "kept", ""))
    actions.answer_wish(actor, AnswerWish(code, wish, 1, "done", ""))
    with pytest.raises(Conflict):
        actions.answer_wish(world.actor("supervisor"), AnswerWish(code, wish, 1, "kept", "the law"))
    _, _, (view,) = queries.own_file(actor, code)
    assert (view.wish.state, view.wish.words, view.answered_by) == ("done", "my sister's name", "Caseworker")
    with pytest.raises(Missing):
        actions.answer_wish(actor, AnswerWish(clients.begin(world), wish, 2, "done", ""))


def test_on_paper_in_her_language_and_as_a_file_that_opens_with_her_words(app: Flask, world: World, code: str) -> None:
    rosa, place = Desk(app, world, "caseworker"), f"/people/{code}"
    paper = rosa.get(f"{place}/own-copy?lang=es").text
    assert "Autorizaciones" in paper
    assert "Su nombre" in paper
    assert GOAL in paper
    assert "Xiomara Baldomar" in paper
    shown = rosa.get(f"{place}/own-file").text
    assert "Xiomara" not in shown
    sealed = rosa.post(f"{place}/files/take-along", lang="es", what="pdf", whose="own", passphrase=WORDS, handed="")
    assert sealed.headers["Content-Disposition"].startswith("attachment")
    assert GOAL.encode() not in sealed.data
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sealed.data))
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed.data), password=WORDS) as opened:
        opened.save(out, encryption=False)
    assert "manejar" in words_of(out.getvalue())


def _about_her() -> set[str]:
    """Every sealed section of a row that says whose it is, found in the schema itself."""
    tables = Base.metadata.tables
    return {f"{name}:{one}" for name, one in INVENTORY if name == "client" or any(of in tables[name].c for of in HERS)}


@pytest.mark.usefixtures("app")
def test_all_that_the_schema_holds_of_her_is_told_or_named_with_a_reason() -> None:
    everything = {f"{table}:{section}" for table, section in INVENTORY}
    named = {section for one in apart() for section in one.holds}
    assert _about_her() - told() - named == set()
    assert told() & named == set()
    assert (told() | named) - everything == set()
    assert all(one.why.endswith(".") for one in apart())


STATEMENT, DRAFT = "he counted the lilies aloud", "argue the lighthouse first"


@pytest.fixture
def with_counsel(world: World) -> str:
    hers = legal.make_client(world, advocates=("advocate",))
    matter = legal.make_matter(world, hers)
    legal.make_filing(world, hers, matter)
    legal.make_privileged(world, hers, matter, STATEMENT, "bring the paper")
    write(world.actor("advocate"), Write(hers.code, matter, "note", "Plan", DRAFT))
    return hers.code


def _words(holdings: list[Holding]) -> str:
    return "\n".join(f"{line.label} {line.words}" for held in holdings for line in held.lines)


@pytest.mark.usefixtures("in_a_request")
def test_each_part_is_given_by_who_may_open_it_and_by_nobody_else(world: World, with_counsel: str) -> None:
    notes.sign(world, with_counsel, "she hums", kind="counselling")
    _, legal_part = queries.legal_part(world.actor("advocate"), with_counsel)
    _, case_part, _ = queries.own_file(world.actor("caseworker"), with_counsel)
    assert STATEMENT in _words(legal_part)
    assert "Adversary Mortimer" in _words(legal_part)
    assert "I-914" in _words(legal_part)
    assert "she hums" in _words(case_part)
    for apart_from_her in (STATEMENT, "Adversary Mortimer", "I-914"):
        assert apart_from_her not in _words(case_part)
    assert "she hums" not in _words(legal_part)
    assert DRAFT not in _words(legal_part) + _words(case_part)
    for who in ("caseworker", "supervisor", "desk", "director", "stranger"):
        with pytest.raises((Missing, Denied)):
            queries.legal_part(world.actor(who), with_counsel)


@pytest.mark.usefixtures("in_a_request")
def test_what_is_still_to_be_asked_says_of_whom_and_not_whether_there_is_anything(
    world: World, with_counsel: str, code: str
) -> None:
    asked = {}
    for one in (with_counsel, code):
        client, _, _ = queries.own_file(world.actor("caseworker"), one)
        asked[one] = [(str(part.title), part.roles) for part in queries.still_to_ask(world.actor("caseworker"), client)]
    assert asked[with_counsel] == asked[code] != []
    assert asked[code][0][1] == (Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR)
    client, _ = queries.legal_part(world.actor("advocate"), with_counsel)
    (case,) = {part.roles for part in queries.still_to_ask(world.actor("advocate"), client)}
    assert set(case) == {Role.CASEWORKER, Role.SUPERVISOR}


@pytest.mark.usefixtures("in_a_request")
def test_the_desks_books_are_told_where_she_stands_in_them_alone(world: World, code: str) -> None:
    desk, day = world.actor("caseworker"), tonight()
    other = clients.begin(world)
    keep(desk, KeepThing(code, "mail", "a tin with a magpie", "shelf two"))
    site, mine = world.sites["north"], world.members["caseworker"].id
    for words, people in (("dropped a samovar", (code,)), ("quarrel in the kitchen", (code, other))):
        report(desk, Report(site, "injury", day, None, words, people, "", False, False, mine))
    write_door(desk, Came(site, "visitor", "Cordelia Pennyfeather", "", (code,)))
    _, holdings, _ = queries.own_file(desk, code)
    said = _words(holdings)
    assert "a tin with a magpie" in said
    assert "dropped a samovar" in said
    assert "quarrel" not in said
    assert "Cordelia Pennyfeather" in said
    _, of_other, _ = queries.own_file(desk, other)
    assert "samovar" not in _words(of_other)
    assert "Cordelia" not in _words(of_other)


@pytest.mark.usefixtures("in_a_request")
def test_a_visit_for_several_is_told_to_none_of_them_with_its_words(world: World, code: str) -> None:
    worker, other = world.actor("caseworker"), clients.begin(world)
    came = Came(world.sites["north"], "police", "Officer Quimby", "asked for the woman from Oruro", (code, other))
    write_door(worker, came)
    for one in (code, other):
        (held,) = [one for one in queries.own_file(worker, one)[1] if str(one.title) == "Who came for her"]
        assert len(held.lines) == 1
        assert not [words for words in ("Quimby", "Oruro") if words in _words([held])]


@pytest.mark.usefixtures("in_a_request")
def test_it_names_no_house_and_no_colleague(world: World, with_counsel: str) -> None:
    """It leaves the house: where that is, and who works there, can endanger her and them."""
    site = db.session.get_one(Site, world.sites["north"])
    actor = world.actor("caseworker")
    refer_here(actor, ReferHere(with_counsel, site.id, agency_today(), 1, ""))
    lines, _ = copies.to_copy(actor, with_counsel, "course")
    reader = world.members["legal_supervisor"].id
    give(actor, Give(with_counsel, "course", frozenset(one.key for one in lines), reader, "form", "for the form", 3))
    said = _words(queries.own_file(actor, with_counsel)[1])
    assert "for the form" in said
    assert site.code_name not in said
    assert not [one for one in ("Caseworker", "Legal Supervisor", "Legal_Supervisor") if one in said]


@pytest.mark.usefixtures("in_a_request")
def test_who_has_two_offices_keeps_legal_work_out_of_the_case_file(world: World, with_counsel: str) -> None:
    """Its parts are copied to colleagues, who are not to learn from one that there is a matter."""
    join(world, "both", Role.CASEWORKER, Role.LEGAL_ADVOCATE)
    with recorded(None, "given"):
        for kind in ("case", "legal"):
            mine = Assignment(client_id=clients.client_id(with_counsel), staff_id=world.members["both"].id, kind=kind)
            db.session.add(mine)
    enter(world, with_counsel, what="transport", words="to the dentist")
    enter(world, with_counsel, what="legal_advice", who="advocate", words="the lighthouse affidavit")
    both = world.actor("both")
    case, law = _words(queries.own_file(both, with_counsel)[1]), _words(queries.legal_part(both, with_counsel)[1])
    assert ("dentist" in case, "lighthouse" in case) == (True, False)
    assert ("dentist" in law, "lighthouse" in law) == (False, True)
    lines, _ = copies.to_copy(both, with_counsel, "services")
    assert "lighthouse" not in "".join(one.words for one in lines)


@pytest.mark.usefixtures("in_a_request")
def test_a_day_of_hers_is_the_day_that_it_was_here(world: World) -> None:
    """In the evening it is the next day in UTC."""
    g.zone = "America/Los_Angeles"
    worker, evening = world.actor("caseworker"), datetime(2026, 3, 5, 4, 30, tzinfo=UTC)
    code = clients.begin(world)
    with clock.frozen(evening):
        live(world, code)
    days = {
        line.day for held in queries.own_file(worker, code)[1] for line in held.lines if str(line.label) == "Signed"
    }
    assert days == {date(2026, 3, 4)}


def test_legal_staff_give_their_part_on_paper_and_sealed(app: Flask, world: World, with_counsel: str) -> None:
    counsel, place = Desk(app, world, "advocate"), f"/people/{with_counsel}"
    assert STATEMENT in counsel.get(f"{place}/own-file/legal").text
    paper = counsel.get(f"{place}/own-copy/legal?lang=es").text
    assert STATEMENT in paper
    assert DRAFT not in paper
    along = f"{place}/files/take-along/legal"
    sealed = counsel.post(along, lang="es", what="pdf", whose="own", passphrase=WORDS, handed="")
    assert STATEMENT.encode() not in sealed.data
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sealed.data), password=WORDS) as opened:
        opened.save(out, encryption=False)
    assert "lilies" in words_of(out.getvalue())
    rosa = Desk(app, world, "caseworker")
    assert rosa.get(f"{place}/own-file/legal").status_code in (403, 404)
    assert STATEMENT not in rosa.get(f"{place}/own-file").text
