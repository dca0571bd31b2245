"""What is said before it is too late: fees set by law, a second marriage, a move, an end before its beginning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from html import escape

import pytest

from shelter.clients.models import Client
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddAsk,
    AddDate,
    AddFilings,
    AddNotice,
    AnswerAsk,
    CorrectNotice,
    Gather,
    MoveStage,
    NoticeWords,
    ReplaceDate,
    Sent,
    TellAsk,
    TellMove,
)
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.rules.matters import matter_types
from tests.factories.agency import World
from tests.factories.legal import make_filing, make_matter, make_notice
from tests.legal.conftest import SATURDAY, Browser

At = Callable[[str], Browser]
TODAY = SATURDAY.date()


def home(hers: Client, matter: bytes) -> str:
    return f"/people/{hers.code}/matters/{matter.hex()}"


# -- fees --------------------------------------------------------------------------


def test_a_fee_set_by_law_is_not_let_go_and_the_rest_names_a_ground_of_the_table(world: World, hers: Client) -> None:
    advocate, sij = world.actor("advocate"), make_matter(world, hers, type="sij")
    for forms, sent, key, field in (
        (("I-360",), Sent(TODAY, fee="exempt", ground="exempt.survivor_relief"), "legal.fee_set_by_law", "fee"),
        (("I-765 (c)(14)",), Sent(TODAY, fee="exempt", ground="waiver.poverty"), "legal.ground_unknown", "ground"),
        (("I-765 (c)(14)",), Sent(TODAY, fee="exempt", ground="moon"), "legal.ground_unknown", "ground"),
        (("I-765 (c)(14)",), Sent(TODAY, fee="exempt"), "legal.say_ground", "ground"),
    ):
        with pytest.raises(Broken) as broken:
            actions.add_filings(advocate, AddFilings(hers.code, sij, forms, sent))
        assert (broken.value.message_key, broken.value.field) == (key, field)
    paid, free = Sent(TODAY, fee="paid"), Sent(TODAY, fee="exempt", ground="exempt.survivor_relief")
    actions.add_filings(advocate, AddFilings(hers.code, sij, ("I-360",), paid, incomplete=True))
    actions.add_filings(advocate, AddFilings(hers.code, sij, ("I-765 (c)(14)",), free))


def test_the_filing_page_says_what_the_forms_cost_and_what_counsel_has_to_confirm(
    world: World, hers: Client, at: At
) -> None:
    sij = make_matter(world, hers, type="sij")
    browser = at("advocate")
    shown = browser.get(f"{home(hers, sij)}/filings/new").text
    for words in ("$250", "changes every year", "cannot be waived", "to be confirmed by counsel", "Pub. L. 119-21"):
        assert words in shown
    refused = browser.post(f"{home(hers, sij)}/filings/new", forms="I-360", sent_on="2026-11-20", fee="exempt")
    assert refused.status_code == 422
    assert "set by law and not waived, $250" in refused.text


# -- a second marriage ---------------------------------------------------------------


def test_a_second_marriage_is_warned_of_on_every_page_until_the_petition_is_approved(
    world: World, hers: Client, at: At
) -> None:
    advocate, vawa = world.actor("advocate"), make_matter(world, hers, type="vawa")
    browser, words = at("advocate"), "If she marries again before the petition is approved, it is denied."
    for page in ("", "/filings/new", "/notices/new", "/stage"):
        assert words in browser.get(f"{home(hers, vawa)}{page}").text
    with pytest.raises(Broken) as broken:
        actions.move_stage(advocate, MoveStage(hers.code, vawa, 1, "filed", TODAY))
    assert (broken.value.message_key, broken.value.field) == ("legal.stage_unconfirmed", "confirmed")
    path = f"{home(hers, vawa)}/stage"
    refused = browser.post(path, stage="filed", on="2026-11-20", version="1")
    assert refused.status_code == 422
    assert "Tick that it is so" in refused.text
    assert browser.post(path, stage="filed", on="2026-11-20", version="1", confirmed="y").status_code == 302
    actions.move_stage(advocate, MoveStage(hers.code, vawa, 2, "receipt", TODAY))
    actions.move_stage(advocate, MoveStage(hers.code, vawa, 3, "approved", TODAY, confirmed=True))
    assert words not in browser.get(home(hers, vawa)).text


def test_what_is_not_so_is_written_down_in_its_place(world: World, hers: Client) -> None:
    vawa = make_matter(world, hers, type="vawa")
    why = "Married again in May; counsel files on another ground"
    actions.move_stage(world.actor("advocate"), MoveStage(hers.code, vawa, 1, "filed", TODAY, why))
    assert queries.matter(world.actor("advocate"), hers.code, vawa).moves[-1].why == why


# -- the other parent of a confidential address ---------------------------------------


def test_an_enrollment_asks_about_the_other_parent_before_anything_is_sent(world: World, hers: Client, at: At) -> None:
    advocate, program = world.actor("advocate"), make_matter(world, hers, type="address_confidentiality")
    browser, words = at("advocate"), "If that parent is the one she fled, ask counsel before anything is sent."
    shown = browser.get(home(hers, program)).text
    assert words in shown
    assert "California tells the other custodial parent" in shown
    refused = browser.post(f"{home(hers, program)}/stage", stage="applied", on="2026-11-20", version="1")
    assert refused.status_code == 422
    assert "Tick that it is so" in refused.text
    actions.move_stage(advocate, MoveStage(hers.code, program, 1, "applied", TODAY, confirmed=True))
    actions.move_stage(advocate, MoveStage(hers.code, program, 2, "enrolled", TODAY))
    assert words not in browser.get(home(hers, program)).text


# -- what goes out without what it rests on ----------------------------------------------


def test_an_application_is_looked_through_before_it_goes_out(world: World, hers: Client, matter: bytes, at: At) -> None:
    browser, path = at("advocate"), f"{home(hers, matter)}/filings/new"
    assert "Not in hand yet: Signed personal statement; Identity document" in " ".join(browser.get(path).text.split())
    sent = {"forms": "I-914", "sent_on": "2026-11-20", "how": "courier", "about": "Her alone"}
    refused = browser.post(path, **sent)
    assert refused.status_code == 422
    assert "Papers on the list that are not in hand: 6." in refused.text
    assert 'value="Her alone"' in refused.text
    assert browser.post(path, **sent | {"forms": "G-28"}).status_code == 302
    assert browser.post(path, **sent, incomplete="y").status_code == 302
    kind = queries.matter(world.actor("advocate"), hers.code, matter).kind
    actions.gather(world.actor("advocate"), Gather(hers.code, matter, kind.gather))
    assert "Not in hand yet" not in browser.get(path).text
    assert browser.post(path, **sent).status_code == 302


def test_what_may_not_arrive_yet_is_said_before_it_goes_out(world: World, hers: Client, at: At) -> None:
    """Three years of T status run from 2 February 2024: an application before 2 February 2027 comes back."""
    card, advocate = make_matter(world, hers, type="t_adjustment"), world.actor("advocate")
    browser, path = at("advocate"), f"{home(hers, card)}/filings/new"
    assert "may not arrive before" not in browser.get(path).text
    opens = actions.add_date(advocate, AddDate(hers.code, card, "t_visa.adjustment_opens", date(2024, 2, 2)))
    assert "I-485 may not arrive before 2 February 2027." in browser.get(path).text
    sent = {"forms": "I-485", "sent_on": "2026-11-20", "how": "courier", "incomplete": "1", "about": "Her alone"}
    refused = browser.post(path, **sent)
    assert refused.status_code == 422
    assert "I-485 may not arrive yet, and is sent back if it does." in refused.text
    assert 'value="Her alone"' in refused.text
    assert browser.post(path, **sent | {"forms": "G-28"}).status_code == 302
    assert browser.post(path, **sent, early="1").status_code == 302
    case_complete = ReplaceDate(hers.code, card, opens.id, date(2026, 11, 19), "The Attorney General: case complete")
    actions.replace_date(advocate, case_complete)
    assert browser.post(path, **sent).status_code == 302


def test_a_transfer_keeps_the_number_of_its_filing(world: World, hers: Client, matter: bytes, at: At) -> None:
    make_filing(world, hers, matter)
    advocate, browser, path = world.actor("advocate"), at("advocate"), f"{home(hers, matter)}/notices/new"
    filing = queries.matter(advocate, hers.code, matter).filings[0].now.id.hex()
    moved = {"type": "transfer", "trigger_date": "2026-11-02", "came": "mail", "filing": filing}
    assert browser.post(path, **moved, receipt_number="EAC2690012345").status_code == 302
    assert queries.matter(advocate, hers.code, matter).filings[0].now.receipt_number == "EAC2690012345"
    refused = browser.post(path, **moved, receipt_number="IOE0912345678")
    assert refused.status_code == 422
    assert "A case that is transferred keeps its number, and this filing has EAC2690012345." in refused.text
    assert 'value="IOE0912345678"' in refused.text
    for number in ("EAC2690012345", ""):
        assert browser.post(path, **moved, receipt_number=number).status_code == 302
    view = queries.matter(advocate, hers.code, matter)
    assert (view.filings[0].now.receipt_number, len(view.notices)) == ("EAC2690012345", 3)


def test_a_number_misread_on_a_transfer_is_put_right_where_nothing_else_says_it(
    world: World, hers: Client, matter: bytes
) -> None:
    make_filing(world, hers, matter)
    advocate = world.actor("advocate")

    def filed() -> str:
        return queries.matter(advocate, hers.code, matter).filings[0].now.receipt_number

    filing = queries.matter(advocate, hers.code, matter).filings[0].now.id
    said = NoticeWords("transfer", TODAY, filing=filing, receipt_number="EAC2690012345")
    actions.add_notice(advocate, AddNotice(hers.code, matter, said))
    notice = queries.matter(advocate, hers.code, matter).notices[0].now.id
    right = replace(said, receipt_number="EAC2690012346")
    actions.correct_notice(advocate, CorrectNotice(hers.code, matter, notice, 1, right, "read wrongly"))
    assert filed() == "EAC2690012346"
    actions.add_notice(advocate, AddNotice(hers.code, matter, replace(right, type="receipt")))
    with pytest.raises(Broken, match="transfer_keeps_number"):
        actions.correct_notice(advocate, CorrectNotice(hers.code, matter, notice, 2, said, "read wrongly"))
    assert filed() == "EAC2690012346"


def test_every_form_of_every_kind_of_matter_can_go_out_and_is_named(world: World, hers: Client, at: At) -> None:
    advocate, browser = world.actor("advocate"), at("advocate")
    for code, kind in matter_types().items():
        matter, keys = make_matter(world, hers, type=code), tuple(form.key for form in kind.forms)
        actions.add_filings(advocate, AddFilings(hers.code, matter, keys, Sent(TODAY, "courier"), incomplete=True))
        assert len(queries.matter(advocate, hers.code, matter).filings) == len(keys), code
        shown = browser.get(home(hers, matter)).text
        assert all(escape(form.label) in shown for form in kind.forms), code
        assert "petition, " not in shown


# -- a move ----------------------------------------------------------------------------


def test_a_move_is_told_for_each_receipt_number_and_only_once(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    make_filing(world, hers, matter)
    for number in ("EAC2690012345", "IOE0912345678"):
        make_notice(world, hers, matter, NoticeWords("receipt", TODAY, receipt_number=number))
    told = actions.tell_move(advocate, TellMove(hers.code, matter, date(2026, 11, 16), "office"))
    assert [(due.rule, due.about, due.day) for due in told] == [
        ("address.dhs", about, date(2026, 11, 25)) for about in ("", "EAC2690012345", "IOE0912345678")
    ]
    assert actions.tell_move(advocate, TellMove(hers.code, matter, date(2026, 11, 16))) == []


def test_a_court_is_told_within_five_days_and_an_address_it_may_not_take_is_said_first(
    world: World, hers: Client, at: At
) -> None:
    removal = make_matter(world, hers, type="removal_defense")
    path, browser = f"{home(hers, removal)}/moved", at("advocate")
    refused = browser.post(path, on="2026-11-16", address="care_of")
    assert refused.status_code == 422
    assert "no care-of line since February 2026" in refused.text.replace("&#39;", "'") or "AR-11 asks" in refused.text
    assert browser.post(path, on="2026-11-16", address="care_of", address_planned="y").status_code == 302
    days = {view.due.rule: view.day for view in queries.matter(world.actor("advocate"), hers.code, removal).open_dates}
    assert days == {
        "address.dhs": date(2026, 11, 25), "address.court": date(2026, 11, 20), "address.board": date(2026, 11, 20),
    }  # fmt: skip


def test_where_nobody_must_be_told_the_page_says_so(world: World, hers: Client, at: At) -> None:
    order = make_matter(world, hers, type="protection_order")
    assert "No rule of this kind of matter asks" in at("advocate").get(f"{home(hers, order)}/moved").text
    with pytest.raises(Broken):
        actions.tell_move(world.actor("advocate"), TellMove(hers.code, order, TODAY))


# -- what cannot be, beside its field -----------------------------------------------------


def test_an_end_before_the_day_of_issue_is_said_beside_it(world: World, hers: Client, matter: bytes, at: At) -> None:
    path = f"{home(hers, matter)}/dates/new"
    fields = {"rule": "ead.expires", "trigger_date": "2026-10-01", "issued": "2026-10-02"}
    refused = at("advocate").post(path, **fields)
    assert refused.status_code == 422
    assert "It cannot end before the day it was issued" in refused.text
    kept = AddDate(hers.code, matter, "ead.expires", date(2028, 10, 1), issued=date(2026, 10, 2))
    assert actions.add_date(world.actor("advocate"), kept).issued == date(2026, 10, 2)
    late = AddDate(hers.code, matter, "ead.expires", date(2028, 10, 1), issued=TODAY + timedelta(days=1))
    with pytest.raises(Broken) as broken:
        actions.add_date(world.actor("advocate"), late)
    assert broken.value.field == "issued"


@pytest.mark.parametrize(
    ("end", "fields", "words"),
    [
        ("/notices/new", {"type": "receipt", "trigger_date": "2026-11-22", "came": "mail"}, "has not come yet"),
        ("/stage", {"stage": "approved", "on": "2026-11-20", "version": "1"}, "does not follow"),
        (
            "/notices/new",
            {"type": "receipt", "trigger_date": "2026-11-20", "came": "mail", "receipt_number": "EAC26900I234S"},
            "EAC",
        ),
        (
            "/notices/new",
            {"type": "receipt", "trigger_date": "2026-11-20", "came": "mail", "receipt_number": "EACO690012345"},
            "letter",
        ),
    ],
)
def test_a_slip_is_said_beside_its_field_and_what_was_typed_is_kept(
    at: At, hers: Client, matter: bytes, end: str, fields: dict[str, str], words: str
) -> None:
    answer = at("advocate").post(f"{home(hers, matter)}{end}", **fields)
    assert answer.status_code == 422
    assert words in answer.text
    for name, value in fields.items():
        assert name == "stage" or value in answer.text  # a stage that does not follow is not offered again


# -- certifications move what follows, when that is wanted ------------------------------------


@pytest.fixture
def u_visa(world: World, hers: Client) -> bytes:
    return make_matter(world, hers, type="u_visa")


def stages(world: World, hers: Client, matter: bytes) -> list[tuple[str, date]]:
    return [(move.stage.code, move.on) for move in queries.matter(world.actor("advocate"), hers.code, matter).moves][1:]


def test_an_answer_takes_the_stage_along_only_where_that_was_ticked(world: World, hers: Client, u_visa: bytes) -> None:
    advocate = world.actor("advocate")
    asked = AddAsk(hers.code, u_visa, "supplement_b", "california", "Sheriff", "", date(2026, 8, 10), move=True)
    ask = actions.add_ask(advocate, asked)
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", date(2026, 8, 31)))
    assert stages(world, hers, u_visa) == [("certification_asked", date(2026, 8, 10))]
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 2, "signed", date(2026, 8, 31), move=True))
    assert stages(world, hers, u_visa)[-1] == ("certification_signed", date(2026, 8, 31))
    with clock.frozen(SATURDAY + timedelta(days=120)):
        lapsed_on = date(2027, 3, 10)
        again = AddAsk(hers.code, u_visa, "supplement_b", "california", "Sheriff", "", lapsed_on, again=ask, move=True)
        actions.add_ask(advocate, again)
        assert stages(world, hers, u_visa)[-2:] == [
            ("certification_lapsed", lapsed_on), ("certification_asked", lapsed_on),
        ]  # fmt: skip


def test_the_page_asks_whether_the_matter_moves_and_asks_nothing_where_nothing_follows(
    world: World, hers: Client, u_visa: bytes, matter: bytes, at: At
) -> None:
    browser = at("advocate")
    assert "comes to this stage too: Certification asked for" in browser.get(f"{home(hers, u_visa)}/asks/new").text
    assert "comes to this stage too" not in browser.get(f"{home(hers, matter)}/asks/new").text
    fields = {"kind": "supplement_b", "certifier": "federal", "agency": "Labor department", "asked_on": "2026-10-01"}
    assert browser.post(f"{home(hers, u_visa)}/asks/new", **fields).status_code == 302
    assert stages(world, hers, u_visa) == []


def test_an_agency_without_a_clock_is_asked_again_by_its_own_rhythm_on_the_day_page(
    world: World, hers: Client, u_visa: bytes, at: At
) -> None:
    advocate = world.actor("advocate")
    ask = actions.add_ask(
        advocate, AddAsk(hers.code, u_visa, "supplement_b", "federal", "Labor", "", date(2026, 10, 22))
    )
    browser = at("advocate")
    shown = browser.get("/matters").text
    assert "Ask for their answer again" in shown
    assert "To the certification" in shown
    assert queries.day(advocate).rows[0].day == date(2026, 11, 23)  # 30 days are Saturday: the next open one
    actions.tell_ask(advocate, TellAsk(hers.code, u_visa, ask, TODAY, "Wrote to the office", remind=True))
    rows = queries.day(advocate).rows
    assert [(row.due.kind, row.day) for row in rows] == [("remind", date(2026, 12, 21))]
    ended = queries.matter(advocate, hers.code, u_visa).ended_dates
    assert [view.due.end and view.due.end.why for view in ended] == ["Wrote to the office"]
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "refused", TODAY, "Not theirs"))
    assert queries.day(advocate).rows == ()


def test_a_certification_that_lapsed_stands_overdue_and_leads_to_asking_again(
    world: World, hers: Client, u_visa: bytes
) -> None:
    advocate = world.actor("advocate")
    ask = actions.add_ask(advocate, AddAsk(hers.code, u_visa, "supplement_b", "california", "S", "", date(2026, 4, 1)))
    actions.answer_ask(advocate, AnswerAsk(hers.code, u_visa, ask, 1, "signed", date(2026, 5, 4)))
    (row,) = queries.day(advocate).group("overdue")
    assert row.due.ask == ask
    assert queries.around(advocate, hers.code, u_visa).ask(ask).may_ask_again
