"""Writing down papers and taking steps: who may, what is kept, and two people at once."""

import pytest
from sqlalchemy import select, text

from shelter.accounts import notices
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.keystore import KeyDek
from shelter.documents import actions, queries
from shelter.documents.actions import AddPaper, AddScan, BeginWay, ChangePaper, EndWay, PaperFacts, TakeStep
from shelter.documents.known import Known
from shelter.documents.models import Paper, PaperEarlier
from shelter.legal.actions import privileged
from shelter.legal.commands import Rewrite, Write
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.trail.models import Trail, TrailWrite
from shelter.trail.record import recorded
from tests.factories import clients, legal
from tests.factories.agency import World
from tests.factories.documents import CONFISCATED, begun, counsel_agrees, file_rows, paper, picture, step


def read(world: World, code: str, found: bytes, who: str = "caseworker") -> queries.PaperView:
    return queries.one(world.actor(who), code, found)[1]


def test_a_paper_is_read_back_as_it_was_told(world: World, code: str) -> None:
    found = paper(world, code)
    for who in ("caseworker", "supervisor", "advocate", "legal_supervisor"):
        view = read(world, code, found, who)
        assert view.text.number == "P7731204A"
        assert view.text.seen_when == Known(year=2026, month=6)
        assert view.text.expires == Known(year=2029, month=3, day=9)
        assert view.changed_by == "Caseworker"


def test_a_reason_instead_of_an_answer_is_kept(world: World, code: str) -> None:
    facts = PaperFacts(kind="national_id", skipped={"number": "not_safe", "seen_when": "does_not_know"})
    assert read(world, code, paper(world, code, facts)).text.skipped == facts.skipped


@pytest.mark.parametrize("who", ["desk", "director", "volunteer", "auditor", "stranger", "caseworker_two"])
def test_nobody_else_writes_a_paper(world: World, code: str, who: str) -> None:
    with pytest.raises((Missing, Denied)):
        paper(world, code, who=who)
    assert db.session.scalars(select(Paper)).all() == []


def test_what_stood_before_is_kept_with_each_change(world: World, code: str) -> None:
    found = paper(world, code)
    for version, state in enumerate(["police_evidence", "returned"], start=1):
        facts = PaperFacts(kind="foreign_passport", country="PHL", state=state)
        actions.change_paper(world.actor("caseworker"), ChangePaper(code, found, version, facts))
    _, earlier, names = queries.earlier_versions(world.actor("advocate"), code, found)
    assert [text.state for text in earlier] == ["police_evidence", "with_employer"]
    assert set(names.values()) == {"Caseworker"}
    assert read(world, code, found).earlier == 2


def test_the_slower_of_two_gets_a_conflict_and_changes_nothing(world: World, code: str) -> None:
    found = paper(world, code)
    facts = PaperFacts(kind="foreign_passport", state="in_hand")
    actions.change_paper(world.actor("caseworker"), ChangePaper(code, found, 1, facts))
    with pytest.raises(Conflict):
        actions.change_paper(world.actor("supervisor"), ChangePaper(code, found, 1, CONFISCATED))
    assert read(world, code, found).text.state == "in_hand"
    assert len(db.session.scalars(select(PaperEarlier)).all()) == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PaperFacts(kind="library_card"), "kind"),
        (PaperFacts(kind="i94", state="somewhere"), "state"),
        (PaperFacts(kind="i94", country="QQQ"), "country"),
        (PaperFacts(kind="i94", country="UTO"), "country"),
        (PaperFacts(kind="ssn_card", number="078-05-1120"), "number"),
    ],
)
def test_what_the_rules_do_not_know_is_refused_beside_its_question(
    world: World, code: str, facts: PaperFacts, field: str
) -> None:
    with pytest.raises(Broken) as no:
        paper(world, code, facts)
    assert no.value.field == field
    assert "078" not in str(no.value.values)


def test_a_paper_of_another_client_is_not_there(world: World, code: str) -> None:
    other = clients.begin(world)
    found, actor = begun(world, other), world.actor("caseworker")
    attempts = [
        lambda: queries.one(actor, code, found),
        lambda: actions.change_paper(actor, ChangePaper(code, found, 1, CONFISCATED)),
        lambda: actions.begin_way(actor, BeginWay(code, found, 1, "foreign_passport")),
        lambda: actions.end_way(actor, EndWay(code, found, 1, "no")),
        lambda: actions.take_step(actor, TakeStep(code, found, 1, "ask_counsel", "asked")),
        lambda: actions.add_scan(actor, AddScan(code, found, "page", picture())),
    ]
    for attempt in attempts:
        with pytest.raises(Missing):
            attempt()
    assert file_rows() == []


class TestTheGate:
    def test_no_step_behind_it_is_taken_until_counsel_has_answered(self, world: World, code: str) -> None:
        found = begun(world, code)
        with pytest.raises(Broken) as no:
            step(world, "caseworker", code, found, "done", "police_report")
        assert no.value.message_key == "paper.gate_closed"
        step(world, "caseworker", code, found, "asked", words="May we call?")
        with pytest.raises(Broken):
            step(world, "caseworker", code, found, "done", "police_report")
        counsel_agrees(world, code, found)
        step(world, "caseworker", code, found, "done", "police_report", words="26-1188", cost=0, paid_by="nobody")
        view = read(world, code, found)
        assert view.waits is not None
        assert view.waits.step.code == "photographs"

    @pytest.mark.parametrize("who", ["caseworker", "supervisor"])
    def test_a_caseworker_never_answers_or_ticks_it_off(self, world: World, code: str, who: str) -> None:
        found = begun(world, code)
        for what, no in [("answered", Denied), ("done", Broken), ("left_out", Broken)]:
            with pytest.raises(no):
                step(world, who, code, found, what, go_ahead=True)
        assert read(world, code, found).open_steps == ["ask_counsel"]

    @pytest.mark.parametrize("who", ["advocate", "legal_supervisor"])
    def test_counsel_answers_and_can_close_it_again(self, world: World, code: str, who: str) -> None:
        found = begun(world, code)
        step(world, who, code, found, "answered", go_ahead=True)
        assert "police_report" in read(world, code, found).open_steps
        with pytest.raises(Denied):
            step(world, "caseworker", code, found, "reopened")
        step(world, who, code, found, "reopened")
        assert read(world, code, found).open_steps == ["ask_counsel"]

    def test_a_no_keeps_it_closed_and_is_kept(self, world: World, code: str) -> None:
        found = begun(world, code)
        step(world, "caseworker", code, found, "asked")
        step(world, "advocate", code, found, "answered", go_ahead=False, words="Wait for the filing.")
        gate = read(world, code, found).step("ask_counsel")
        assert [one.what for one in gate.events] == ["asked", "answered"]
        assert (gate.state, gate.events[-1].words) == ("open", "Wait for the filing.")

    def test_asking_leaves_a_notice_with_her_advocates_alone(self, world: World, code: str) -> None:
        found = begun(world, code)
        step(world, "caseworker", code, found, "asked", words="May we call?")
        (notice,) = notices.mine(world.actor("advocate"))
        assert (notice.kind, notice.code, notice.by, notice.text) == ("approval", code, "Caseworker", "May we call?")
        assert notices.mine(world.actor("legal_supervisor")) == []
        asked = read(world, code, found).step("ask_counsel").events[-1].asked
        assert asked == [world.members["advocate"].id]

    def test_where_she_has_no_advocate_a_legal_supervisor_is_asked(self, world: World) -> None:
        lone = clients.begin(world)
        found = begun(world, lone)
        step(world, "caseworker", lone, found, "asked")
        assert [one.code for one in notices.mine(world.actor("legal_supervisor"))] == [lone]

    def test_an_advocate_of_somebody_else_is_no_counsel_to_her(self, world: World) -> None:
        other = clients.begin(world)
        found = begun(world, other)
        with pytest.raises(Missing):
            actions.take_step(world.actor("advocate"), TakeStep(other, found, 1, "ask_counsel", "answered"))


def test_one_way_at_a_time_and_what_was_done_on_the_last_one_stays(world: World, code: str) -> None:
    found, actor = begun(world, code), world.actor("caseworker")
    with pytest.raises(Broken):
        actions.begin_way(actor, BeginWay(code, found, 1, "foreign_passport"))
    counsel_agrees(world, code, found)
    actions.end_way(actor, EndWay(code, found, 2, "The police found it."))
    actions.begin_way(actor, BeginWay(code, found, 3, "foreign_passport"))
    view = read(world, code, found)
    assert [old.ended_why for old in view.set_aside] == ["The police found it."]
    assert view.set_aside[0].steps[0].state == "done"
    assert view.open_steps == ["ask_counsel"]  # counsel is asked anew


@pytest.mark.parametrize("way", ["us_passport", "nothing"])
def test_only_a_way_back_to_this_kind_of_paper_is_begun(world: World, code: str, way: str) -> None:
    with pytest.raises(Broken):
        begun(world, code, way)


def test_two_people_on_one_way_the_slower_gets_a_conflict(world: World, code: str) -> None:
    found = begun(world, code)
    stale = TakeStep(code, found, 1, "ask_counsel", "asked")
    actions.take_step(world.actor("caseworker"), stale)
    with pytest.raises(Conflict):
        actions.take_step(world.actor("supervisor"), stale)
    assert len(read(world, code, found).step("ask_counsel").events) == 1


def test_a_scan_is_stored_with_its_paper_or_not_at_all(world: World, code: str) -> None:
    found, actor = paper(world, code), world.actor("advocate")
    file_id = actions.add_scan(actor, AddScan(code, found, "page one", picture()))
    assert [scan.id for scan in queries.one(actor, code, found)[2]] == [file_id]
    with db.engine.begin() as connection:
        db.session.rollback()
        connection.execute(text("ALTER TABLE paper_earlier RENAME TO paper_earlier_gone"))
    with pytest.raises(Exception, match="paper_earlier"):
        actions.add_scan(actor, AddScan(code, found, "page two", picture()))
    db.session.rollback()
    assert [row.id for row in file_rows()] == [file_id]


def test_every_write_is_in_the_trail_with_what_it_wrote_and_why_it_was_allowed(world: World, code: str) -> None:
    found = begun(world, code)
    counsel_agrees(world, code, found)
    query = select(Trail.act, Trail.clause, TrailWrite.section).join(TrailWrite, TrailWrite.seq == Trail.seq)
    written = db.session.execute(query.where(TrailWrite.row_id == found).order_by(Trail.seq)).all()
    assert [tuple(row) for row in written] == [
        ("papers:write", "caseworker + assigned + not-denied", "text"),
        ("papers:write", "caseworker + assigned + not-denied", "recovery"),
        ("papers:counsel", "legal_advocate + advocate + not-denied", "recovery"),
    ]


def test_nothing_about_a_paper_is_readable_at_rest(world: World, code: str) -> None:
    found = begun(world, code)
    step(world, "caseworker", code, found, "asked", words="May we call the consulate?")
    row = db.session.get(Paper, found, populate_existing=True)
    assert row is not None
    lying = (row.text or b"") + (row.recovery or b"")
    for words in (b"P7731204A", b"DELACRUZ", b"foreign_passport", b"with_employer", b"Orteza", b"consulate", b"asked"):
        assert words not in lying


def test_a_moved_paper_hurts_no_neighbour_and_is_written_down(world: World, code: str) -> None:
    one, other = begun(world, code), paper(world, code, PaperFacts(kind="i94", state="lost"))
    with recorded(None, "attack"):
        db.session.execute(
            text("UPDATE paper SET text = (SELECT text FROM paper WHERE id = :other) WHERE id = :one"),
            {"one": one, "other": other},
        )
    db.session.expire_all()
    found = queries.of_client(world.actor("caseworker"), code)
    assert [view.id for view in found.papers] == [other]
    assert found.lost == 1
    assert db.session.scalars(select(Trail.act).order_by(Trail.seq.desc())).first() == "refused:seal"
    with pytest.raises(Missing):
        queries.one(world.actor("caseworker"), code, one)


def test_papers_of_one_client_share_one_data_key_of_the_documents_compartment(world: World, code: str) -> None:
    begun(world, code)
    paper(world, code)
    actions.add_paper(world.actor("advocate"), AddPaper(code, PaperFacts(kind="visa")))
    compartment = world.actor("caseworker").keyring.compartment("documents", clients.client_id(code))  # type: ignore[attr-defined]
    keys = select(KeyDek).where(KeyDek.subject_id == clients.client_id(code), KeyDek.compartment_id == compartment)
    assert len(db.session.scalars(keys).all()) == 1


def test_her_account_of_how_it_was_taken_is_reached_by_legal_staff_alone(world: World, code: str) -> None:
    found, advocate = paper(world, code), world.actor("advocate")
    client = db.session.scalars(select(Client).where(Client.code == code)).one()
    matter = legal.make_matter(world, client)
    command = Write(code, matter, "statement", "How it was taken", "He kept it in his desk.", paper=found)
    written = privileged.write(advocate, command)
    privileged.rewrite(advocate, Rewrite(code, matter, written, 1, "How it was taken", "In his desk, he said."))
    privileged.write(advocate, Write(code, matter, "note", "Something else", "Not of this paper."))
    told = queries.accounts_of(advocate, code, found)
    assert told is not None
    assert told[0] == [matter]
    assert [(at, text.of, text.number) for at, text in told[1]] == [(matter, written, 2)]
    for who in ("caseworker", "supervisor"):
        assert queries.accounts_of(world.actor(who), code, found) is None
