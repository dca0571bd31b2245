"""Papers, matters and deadlines from sheets: by the rules of the forms, in their own compartments, and gone again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from shelter.clients.models import Assignment
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import open_section
from shelter.documents.models import PAPER_TEXT, Paper
from shelter.legal.actions import finish_date
from shelter.legal.commands import FinishDate
from shelter.legal.models import DATES, TEXT, Due, Matter, MatterText
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.sheets import actions, queries
from shelter.trail.rows import wrong_rows
from tests.factories.agency import World
from tests.factories.clients import begin, named
from tests.factories.exports import WRITTEN_ALONG, everything
from tests.factories.services import told
from tests.factories.sheets import brought, looked_at, sent

LEDGERS = WRITTEN_ALONG | {"segment", "inbox", "sheet_match", "sheet_import", "key_dek", "message"}


def why(world: World, what: str, rows: list[list[str]]) -> list[tuple[int, str, str]]:
    counsel = world.actor("legal_supervisor")
    return [(one.row, one.column, one.key) for one in looked_at(counsel, sent(counsel, what, rows)).problems]


def texts(world: World) -> list[MatterText]:
    actor = world.actor("legal_supervisor")
    found = [open_section(actor, row, TEXT) for row in db.session.scalars(select(Matter))]
    return sorted((one for one in found if one), key=lambda one: one.type)


def dates(world: World) -> list[Due]:
    actor = world.actor("legal_supervisor")
    found = [open_section(actor, row, DATES) for row in db.session.scalars(select(Matter))]
    return [due for one in found if one for due in one.dates]


# -- papers ----------------------------------------------------------------------------


def test_papers_come_in_and_go_again(world: World) -> None:
    supervisor, code = world.actor("supervisor"), begin(world)
    before = everything(but=LEDGERS)
    rows = [["Code", "Document", "Country", "Passport number", "Expires", "Held by"]]
    rows += [[code, "foreign_passport", "PHL", "P1234567", "2031-05", "her cousin"]]
    coming = brought(supervisor, "papers", rows)
    (paper,) = db.session.scalars(select(Paper))
    text = open_section(supervisor, paper, PAPER_TEXT)
    assert text is not None
    assert (text.kind, text.number, text.held_by) == ("foreign_passport", "P1234567", "her cousin")
    assert text.expires is not None
    assert (text.expires.year, text.expires.month, text.expires.day) == (2031, 5, None)
    again = looked_at(supervisor, sent(supervisor, "papers", rows))
    assert [twin.key for twin in again.twins.values()] == ["sheets.same_paper"]
    actions.take_back(supervisor, coming)
    for waiting in queries.imports(supervisor):
        if waiting.state == "waiting":
            actions.throw_away(supervisor, waiting.id)
    assert everything(but=LEDGERS) == before | {"sheet_rows": []}


def test_a_social_security_card_keeps_no_number(world: World) -> None:
    code = begin(world)
    rows = [["Code", "Document", "Passport number"], [code, "ssn_card", "078051120"], [code, "a ticket", ""]]
    assert why(world, "papers", rows) == [
        (2, "paper_number", "documents.no-number"),
        (3, "paper", "sheets.not_in_list"),
    ]


# -- matters ----------------------------------------------------------------------------


def test_matters_open_for_the_advocate_who_is_named_and_go_again_with_her(world: World) -> None:
    counsel, ana, luz = world.actor("legal_supervisor"), begin(world), begin(world)
    before = everything(but=LEDGERS)
    rows = [
        ["Code", "Matter", "Opened", "Advocate"],
        [ana, "T visa", "2026-02-03", "Advocate"],
        [luz, "asylum", "2026-03-01", ""],
    ]
    coming = brought(counsel, "matters", rows)
    assert [(one.type, one.opened_on.isoformat()) for one in texts(world)] == [
        ("asylum", "2026-03-01"),
        ("t_visa", "2026-02-03"),
    ]
    assert texts(world)[1].lead == world.members["advocate"].id
    given = db.session.scalars(select(Assignment.staff_id).where(Assignment.kind == "legal")).all()
    assert set(given) == {world.members["advocate"].id, counsel.id}
    assert {fact.values["matter"] for fact in told(world, "matter")} == {"asylum", "t-visa"}
    assert wrong_rows() == []
    actions.take_back(counsel, coming)
    assert everything(but=LEDGERS) == before
    assert [fact for fact in told(world, "matter") if not fact.deleted] == []


def test_matters_keep_the_rules_of_the_form(world: World) -> None:
    ana = begin(world)
    named(world, "Mortimer Grauwacke")
    rows = [
        ["Code", "Matter", "Opened", "Advocate", "Adverse party", "Conflict cleared"],
        [ana, "T visa", "2050-01-01", "", "", ""],
        [ana, "a quarrel", "2026-01-01", "", "", ""],
        [ana, "T visa", "2026-01-01", "Nobody", "", ""],
        [ana, "T visa", "2026-01-01", "", "Mortimer Grauwacke", ""],
        [ana, "T visa", "2026-01-01", "", "Mortimer Grauwacke", "another man, born in 1931"],
    ]
    assert why(world, "matters", rows) == [
        (2, "opened", "sheets.future_day"),
        (3, "matter", "sheets.not_in_list"),
        (4, "lead", "sheets.no_such_advocate"),
        (5, "cleared", "legal.conflict_near"),
    ]


def test_legal_sheets_are_for_the_legal_team_and_lie_in_its_compartment(world: World) -> None:
    supervisor, counsel, ana = world.actor("supervisor"), world.actor("legal_supervisor"), begin(world)
    rows = [["Code", "Matter", "Opened"], [ana, "T visa", "2026-02-03"]]
    with pytest.raises(Broken):
        sent(supervisor, "matters", rows)
    coming = sent(counsel, "matters", rows)
    assert all(row[4] is None and row[6] is not None for row in everything()["sheet_rows"])
    with pytest.raises(Missing):
        queries.waiting(world.actor("supervisor"), coming)
    with pytest.raises(Denied):
        queries.waiting(world.actor("advocate"), coming)


# -- deadlines ----------------------------------------------------------------------------


def test_deadlines_are_counted_by_their_rule_and_go_again(world: World) -> None:
    counsel, ana = world.actor("legal_supervisor"), begin(world)
    brought(counsel, "matters", [["Code", "Matter", "Opened"], [ana, "T visa", "2026-02-03"]])
    before = everything(but=LEDGERS)
    day = agency_today() - timedelta(days=3)
    rows = [["Code", "Rule", "Counted from", "By mail"], [ana, "address.dhs", day.isoformat(), ""]]
    coming = brought(counsel, "deadlines", rows)
    (due,) = dates(world)
    assert (due.rule, due.trigger_date, due.day) == ("address.dhs", day, due.counted)
    again = looked_at(counsel, sent(counsel, "deadlines", rows))
    assert [twin.key for twin in again.twins.values()] == ["sheets.same_deadline"]
    actions.take_back(counsel, coming)
    assert dates(world) == []
    changed = {"matter", "sheet_rows"}
    assert {name: rows for name, rows in everything(but=LEDGERS).items() if name not in changed} == {
        name: rows for name, rows in before.items() if name not in changed
    }
    assert wrong_rows() == []
    assert queries.in_the_way(counsel, _done(world, "matters")) == []


def _done(world: World, what: str) -> bytes:
    found = [one for one in queries.imports(world.actor("legal_supervisor")) if one.kind.code == what]
    return found[0].id


def test_a_day_of_ones_own_is_compared_with_the_rule_and_wants_a_reason(world: World) -> None:
    counsel, ana = world.actor("legal_supervisor"), begin(world)
    brought(counsel, "matters", [["Code", "Matter", "Opened"], [ana, "T visa", "2026-02-03"]])
    day, own = agency_today().isoformat(), (agency_today() + timedelta(days=90)).isoformat()
    rows = [
        ["Code", "Matter", "Rule", "Counted from", "Due date", "Why"],
        [ana, "", "address.dhs", day, own, ""],
        [ana, "asylum", "address.dhs", day, "", ""],
        [ana, "", "asylum.filing", day, "", ""],
        [begin(world), "", "address.dhs", day, "", ""],
    ]
    assert why(world, "deadlines", rows) == [
        (2, "due", "sheets.counted_otherwise"),
        (3, "matter", "sheets.no_such_matter"),
        (4, "rule", "deadline.rule_unknown"),
        (5, "matter", "sheets.no_such_matter"),
    ]
    brought(counsel, "deadlines", [rows[0], [ana, "", "address.dhs", day, own, "extended by the officer"]])
    (due,) = dates(world)
    assert (due.day.isoformat(), due.override) == (own, "extended by the officer")


def test_dates_that_somebody_has_worked_with_are_not_taken_back(world: World) -> None:
    counsel, ana = world.actor("legal_supervisor"), begin(world)
    brought(counsel, "matters", [["Code", "Matter", "Opened"], [ana, "T visa", "2026-02-03"]])
    day = agency_today()
    coming = brought(counsel, "deadlines", [["Code", "Rule", "Counted from"], [ana, "address.dhs", day.isoformat()]])
    matter = db.session.scalars(select(Matter.id)).one()
    finish_date(world.actor("legal_supervisor"), FinishDate(ana, matter, dates(world)[0].id, day))
    assert queries.in_the_way(counsel, coming) == [ana]
    with pytest.raises(Broken):
        actions.take_back(counsel, coming)
    assert queries.in_the_way(counsel, _done(world, "matters")) == [ana]
