"""Opening, filing, noticing, dating: what is kept, what is refused, who may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from msgspec import structs
from sqlalchemy import func, select

from shelter.accounts import notices
from shelter.clients import directory, scope
from shelter.clients.directory import Lane
from shelter.clients.models import Assignment, Client, Denial
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddDate,
    AddFilings,
    ChangeFiling,
    ChangeMatter,
    ConfirmDate,
    CorrectNotice,
    FinishDate,
    MoveStage,
    NoticeWords,
    OpenMatter,
    ReopenDate,
    ReplaceDate,
    Sent,
)
from shelter.legal.models import Due, Matter
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.trail.models import Trail, TrailSubject
from shelter.trail.record import commit_refusals, recorded
from tests.factories.agency import World
from tests.factories.legal import RFE, make_client, make_filing, make_matter, make_notice
from tests.legal.conftest import SATURDAY

SENT = Sent(date(2026, 4, 1), "mail", "exempt", "8 CFR 106.3(b)")


def seen(world: World, hers: Client, matter: bytes, who: str = "advocate") -> queries.MatterView:
    return queries.matter(world.actor(who), hers.code, matter)


def rfe(world: World, hers: Client, matter: bytes) -> Due:
    found = make_notice(world, hers, matter, RFE)
    assert found is not None
    return found


# -- opening -----------------------------------------------------------------------


def test_a_supervisor_opens_a_matter_for_an_advocate_in_one_step(world: World, hers: Client) -> None:
    with pytest.raises(Missing):
        scope.get(world.actor("advocate"), Act.MATTERS_READ, hers.id)
    matter = make_matter(world, hers)
    found = seen(world, hers, matter)
    assert (found.text.type, found.stage.code, found.lead) == ("t_visa", "intake", "Advocate")
    assert found.text.protected
    assert found.text.a_number == "A200300400"
    assert scope.facts_of(hers).advocates == {world.members["advocate"].id}
    told = notices.mine(world.actor("advocate"))
    assert [(one.kind, one.code) for one in told] == [("assigned", hers.code)]


def test_an_advocate_opens_a_second_matter_of_her_own_client_but_none_of_anybody_else(
    world: World, hers: Client, matter: bytes
) -> None:
    advocate = world.actor("advocate")
    other = actions.open_matter(advocate, OpenMatter(hers.code, "foia", date(2026, 5, 1)))
    assert seen(world, hers, other).text.lead == advocate.id
    stranger = make_client(world)
    with pytest.raises(Missing):
        actions.open_matter(advocate, OpenMatter(stranger.code, "foia", date(2026, 5, 1)))


def test_who_has_a_conflict_of_interest_is_never_given_a_matter(world: World, hers: Client) -> None:
    advocate = world.members["advocate"].id
    with recorded(None, "denied"):
        db.session.add(Denial(client_id=hers.id, staff_id=advocate))
    for nobody in (advocate, world.members["caseworker"].id):
        with pytest.raises(Broken, match=r"legal\.choose_advocate"):
            actions.open_matter(
                world.actor("legal_supervisor"), OpenMatter(hers.code, "foia", date(2026, 5, 1), nobody)
            )
    assert not db.session.scalar(select(func.count()).select_from(Assignment).where(Assignment.kind == "legal"))


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "desk", "director", "auditor", "administrator"])
def test_nobody_outside_the_legal_staff_reads_or_writes(world: World, hers: Client, matter: bytes, who: str) -> None:
    actor = world.actor(who)
    with pytest.raises((Denied, Missing)):
        queries.matter(actor, hers.code, matter)
    with pytest.raises((Denied, Missing)):
        actions.move_stage(actor, MoveStage(hers.code, matter, 1, "filed", date(2026, 4, 1)))
    with pytest.raises((Denied, Missing)):
        actions.open_matter(actor, OpenMatter(hers.code, "foia", date(2026, 5, 1)))
    with pytest.raises(Denied):
        queries.deadlines_due(actor)
    assert queries.day(actor).rows == ()


def test_a_matter_is_never_reached_through_another_client(world: World, hers: Client, matter: bytes) -> None:
    other = make_client(world, advocates=("advocate",))
    with pytest.raises(Missing):
        queries.matter(world.actor("advocate"), other.code, matter)
    with pytest.raises(Missing):
        actions.move_stage(world.actor("advocate"), MoveStage(other.code, matter, 1, "filed", date(2026, 4, 1)))


# -- the matter --------------------------------------------------------------------


def test_a_stage_that_does_not_follow_is_refused_and_the_way_is_kept(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    for wrong, on, key in [
        ("approved", date(2026, 4, 1), "matter.stage_does_not_follow"),
        ("filed", date(2026, 11, 22), "legal.not_come_yet"),
        ("filed", date(2026, 3, 1), "legal.before_last_stage"),
    ]:
        with pytest.raises(Broken) as refused:
            actions.move_stage(advocate, MoveStage(hers.code, matter, 1, wrong, on))
        assert refused.value.message_key == key
    actions.move_stage(advocate, MoveStage(hers.code, matter, 1, "filed", date(2026, 4, 1), "by courier"))
    with pytest.raises(Conflict):
        actions.move_stage(advocate, MoveStage(hers.code, matter, 1, "receipt", date(2026, 4, 9)))
    found = seen(world, hers, matter)
    assert [(move.stage.code, move.why) for move in found.moves] == [("intake", ""), ("filed", "by courier")]


def test_what_stood_before_a_change_is_kept(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    actions.change_matter(advocate, ChangeMatter(hers.code, matter, 1, "New scope", ("One", "Two"), ""))
    with pytest.raises(Conflict):
        actions.change_matter(advocate, ChangeMatter(hers.code, matter, 1, "Late", (), ""))
    _, versions = queries.earlier_versions(advocate, hers.code, matter)
    assert [(text.scope, text.a_number) for text, _ in versions] == [("Scope words", "A200300400")]
    assert seen(world, hers, matter).text.adverse == ["One", "Two"]


# -- papers ------------------------------------------------------------------------


def test_a_receipt_number_with_o_for_zero_is_pointed_at_and_never_changed(
    world: World, hers: Client, matter: bytes
) -> None:
    make_filing(world, hers, matter)
    filing = seen(world, hers, matter).filings[0].now

    def number(typed: str, version: int) -> None:
        actions.change_filing(
            world.actor("advocate"), ChangeFiling(hers.code, matter, filing.id, version, SENT, typed, "", "")
        )

    with pytest.raises(Broken) as refused:
        number("EAC26O1234567", 1)
    assert refused.value.field == "receipt_number"
    assert refused.value.values == {"position": 6, "seen": "O", "likely": "0"}
    assert seen(world, hers, matter).filings[0].now.receipt_number == ""
    number("eac 26-01234567", 1)
    with pytest.raises(Conflict):
        number("EAC2609999999", 1)
    view = seen(world, hers, matter).filings[0]
    assert (view.now.receipt_number, view.now.version) == ("EAC2601234567", 2)
    assert [before.receipt_number for before, _ in view.earlier] == [""]


def test_a_receipt_number_is_found_by_legal_staff_alone(world: World, hers: Client, matter: bytes) -> None:
    make_filing(world, hers, matter)
    filing = seen(world, hers, matter).filings[0].now.id
    words = NoticeWords("receipt", date(2026, 4, 9), filing=filing, receipt_number="EAC2601234567")
    make_notice(world, hers, matter, words)
    assert seen(world, hers, matter).filings[0].now.receipt_number == "EAC2601234567"
    advocate = world.actor("advocate")
    assert directory.by_number(advocate, Lane.RECEIPTS, "EAC2601234567") == [hers.id]
    assert directory.by_number(world.actor("caseworker"), Lane.RECEIPTS, "EAC2601234567") == []
    notice = seen(world, hers, matter).notices[0].now
    right = replace(words, receipt_number="EAC2601234568")
    actions.correct_notice(advocate, CorrectNotice(hers.code, matter, notice.id, 1, right, "misread"))
    assert seen(world, hers, matter).filings[0].now.receipt_number == "EAC2601234568"
    assert directory.by_number(advocate, Lane.RECEIPTS, "EAC2601234567") == []


def test_an_exempt_fee_names_its_ground(world: World, hers: Client, matter: bytes) -> None:
    without = Sent(date(2026, 4, 1), "mail", "exempt")
    with pytest.raises(Broken) as refused:
        actions.add_filings(world.actor("advocate"), AddFilings(hers.code, matter, ("I-914",), without))
    assert refused.value.field == "ground"
    assert seen(world, hers, matter).filings == ()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (replace(RFE, printed_on=date(2026, 11, 22), received_on=None, answer_by=date(2027, 1, 1)), "trigger_date"),
        (replace(RFE, received_on=date(2026, 11, 22)), "received_on"),
        (replace(RFE, received_on=date(2026, 8, 28)), "received_on"),
        (replace(RFE, answer_by=None), "printed_date"),
        (replace(RFE, answer_by=date(2026, 8, 28)), "printed_date"),
        (replace(RFE, type="prima_facie"), "type"),
        (replace(RFE, filing=b"x" * 16), "filing"),
        (replace(RFE, receipt_number="EAC26"), "receipt_number"),
    ],
)
def test_a_notice_that_cannot_be_is_refused_beside_its_field_and_nothing_is_kept(
    world: World, hers: Client, matter: bytes, words: NoticeWords, field: str
) -> None:
    with pytest.raises(Broken) as refused:
        make_notice(world, hers, matter, words)
    assert refused.value.field == field
    found = seen(world, hers, matter)
    assert (found.notices, found.dates) == ((), ())


# -- dates -------------------------------------------------------------------------


def test_a_second_look_is_given_by_another_person(world: World, hers: Client, matter: bytes) -> None:
    due = rfe(world, hers, matter)
    assert seen(world, hers, matter).date(due.id).waiting == ("Legal_Supervisor",)
    assert [one.kind for one in notices.mine(world.actor("legal_supervisor"))] == ["approval"]
    confirm = ConfirmDate(hers.code, matter, due.id)
    with pytest.raises(Broken, match=r"legal\.look_by_another"):
        actions.confirm_date(world.actor("advocate"), confirm)
    actions.confirm_date(world.actor("legal_supervisor"), confirm)
    view = seen(world, hers, matter).date(due.id)
    assert (view.looked_by, view.waits) == ("Legal_Supervisor", False)
    with pytest.raises(Conflict):
        actions.confirm_date(world.actor("legal_supervisor"), confirm)


def test_where_nobody_else_can_see_the_matter_she_looks_again_after_a_night(
    world: World, hers: Client, matter: bytes
) -> None:
    due = rfe(world, hers, matter)
    with recorded(None, "conflict"):
        db.session.add(Denial(client_id=hers.id, staff_id=world.members["legal_supervisor"].id))
    confirm = ConfirmDate(hers.code, matter, due.id)
    with pytest.raises(Broken, match=r"legal\.look_after_a_night"):
        actions.confirm_date(world.actor("advocate"), confirm)
    with clock.frozen(SATURDAY + timedelta(days=1)):
        actions.confirm_date(world.actor("advocate"), confirm)
    look = seen(world, hers, matter).date(due.id).due.look
    assert look is not None
    assert look.alone


def test_superseding_wants_a_reason_keeps_history_and_asks_for_a_new_look(
    world: World, hers: Client, matter: bytes
) -> None:
    due = rfe(world, hers, matter)
    advocate = world.actor("advocate")
    actions.confirm_date(world.actor("legal_supervisor"), ConfirmDate(hers.code, matter, due.id))
    with pytest.raises(Broken) as refused:
        actions.replace_date(advocate, ReplaceDate(hers.code, matter, due.id, date(2026, 11, 23), ""))
    assert refused.value.field == "why"
    actions.replace_date(advocate, ReplaceDate(hers.code, matter, due.id, date(2026, 11, 23), "office closed"))
    found = seen(world, hers, matter)
    (now,) = found.open_dates
    (before,) = found.ended_dates
    assert (now.day, now.due.override, now.waits, now.due.counted) == (
        date(2026, 11, 23),
        "office closed",
        True,
        date(2026, 11, 24),
    )
    assert before.due == structs.replace(due, look=before.due.look, end=before.due.end)
    assert before.due.end is not None
    assert (before.due.end.how, before.due.end.why, before.due.end.next) == ("superseded", "office closed", now.id)
    with pytest.raises(Conflict):
        actions.replace_date(advocate, ReplaceDate(hers.code, matter, due.id, date(2026, 11, 20), "late"))


def test_a_notice_put_right_supersedes_its_date_and_one_that_changes_nothing_leaves_it(
    world: World, hers: Client, matter: bytes
) -> None:
    due = rfe(world, hers, matter)
    notice = seen(world, hers, matter).notices[0].now
    advocate = world.actor("advocate")

    def correct(version: int, words: NoticeWords) -> None:
        actions.correct_notice(advocate, CorrectNotice(hers.code, matter, notice.id, version, words, "read again"))

    correct(1, replace(RFE, received_on=date(2026, 9, 3)))
    assert [one.id for one in seen(world, hers, matter).open_dates] == [due.id]
    correct(2, replace(RFE, answer_by=date(2026, 11, 20)))
    found = seen(world, hers, matter)
    assert [one.day for one in found.open_dates] == [date(2026, 11, 20)]
    assert [one.id for one in found.ended_dates] == [due.id]
    assert [before.received_on for before, _ in found.notices[0].earlier] == [date(2026, 9, 3), date(2026, 9, 2)]
    with pytest.raises(Conflict):
        correct(1, RFE)


def test_done_and_opened_again_leaves_both_lines(world: World, hers: Client, matter: bytes) -> None:
    due = rfe(world, hers, matter)
    advocate = world.actor("advocate")
    with pytest.raises(Broken, match=r"legal\.not_come_yet"):
        actions.finish_date(advocate, FinishDate(hers.code, matter, due.id, date(2026, 11, 22)))
    actions.finish_date(advocate, FinishDate(hers.code, matter, due.id, date(2026, 11, 20), "received"))
    assert seen(world, hers, matter).open_dates == ()
    actions.reopen_date(advocate, ReopenDate(hers.code, matter, due.id))
    with pytest.raises(Conflict):
        actions.reopen_date(advocate, ReopenDate(hers.code, matter, due.id))
    found = seen(world, hers, matter)
    assert len(found.open_dates) == 1
    assert [one.due.end.why for one in found.ended_dates if one.due.end] == ["received"]


def test_a_rule_of_another_kind_of_matter_is_not_offered_and_not_taken(
    world: World, hers: Client, matter: bytes
) -> None:
    with pytest.raises(Broken, match=r"deadline\.rule_unknown"):
        actions.add_date(world.actor("advocate"), AddDate(hers.code, matter, "u_visa.supplement_b", date(2026, 6, 20)))
    offered = {rule.id for rule in seen(world, hers, matter).rules}
    assert "t_visa.adjustment_closes" in offered
    assert not offered & {"u_visa.supplement_b", "uscis.rfe_response"}


# -- the day -----------------------------------------------------------------------


def test_the_day_holds_the_reader_s_own_scope_in_groups(world: World, hers: Client, matter: bytes) -> None:
    rfe(world, hers, matter)
    other = make_client(world)
    others = actions.open_matter(world.actor("legal_supervisor"), OpenMatter(other.code, "u_visa", date(2026, 5, 1)))
    actions.add_date(
        world.actor("legal_supervisor"), AddDate(other.code, others, "u_visa.supplement_b", date(2026, 6, 20))
    )
    day = queries.day(world.actor("advocate"))
    assert [(row.place.code, row.day) for row in day.group("week")] == [(hers.code, date(2026, 11, 24))]
    assert len(day.rows) == 1
    assert [row.place.code for row in queries.deadlines_due(world.actor("advocate"))] == [hers.code]
    assert {row.place.code for row in queries.day(world.actor("legal_supervisor")).rows} == {hers.code, other.code}


def test_a_matter_whose_seal_does_not_hold_is_named_and_hurts_no_other(
    world: World, hers: Client, matter: bytes
) -> None:
    rfe(world, hers, matter)
    other = make_client(world, advocates=("advocate",))
    broken = make_matter(world, other)
    with recorded(None, "attack"):
        good, bad = db.session.get(Matter, matter), db.session.get(Matter, broken)
        assert good is not None and bad is not None  # noqa: PT018
        bad.dates, bad.dates_version = good.dates, good.dates_version
    db.session.expire_all()
    day = queries.day(world.actor("advocate"))
    assert day.unopened == (other.code,)
    assert [row.place.code for row in day.rows] == [hers.code]
    commit_refusals(world.actor("advocate"))  # as every request ends
    last = db.session.scalars(select(Trail).where(Trail.act == "refused:seal")).one()
    assert db.session.scalars(select(TrailSubject.client_id).where(TrailSubject.seq == last.seq)).all() == [other.id]


def test_every_change_leaves_a_row_in_the_trail_about_her(world: World, hers: Client, matter: bytes) -> None:
    rfe(world, hers, matter)
    rows = db.session.execute(
        select(Trail.act, Trail.clause)
        .join(TrailSubject, TrailSubject.seq == Trail.seq)
        .where(TrailSubject.client_id == hers.id, Trail.act.in_([Act.MATTERS_OPEN, Act.MATTERS_WRITE]))
        .order_by(Trail.seq)
    ).all()
    assert [tuple(row) for row in rows] == [
        (Act.MATTERS_OPEN, "legal_supervisor + not-denied"),
        (Act.MATTERS_WRITE, "legal_advocate + advocate + not-denied"),
    ]
