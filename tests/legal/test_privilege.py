"""Under the privilege: what is written, kept and compared, and the little that a caseworker reads of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from shelter.clients.models import Assignment, Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddLegalFile,
    AddVisit,
    Agreed,
    Arrangements,
    ChangeMatter,
    FinishDate,
    HideDate,
    OpenMatter,
    ReplaceDate,
    Rewrite,
    ShowDate,
    Write,
)
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.clients import begin, save_names
from tests.factories.legal import RFE, make_client, make_matter, make_notice
from tests.factories.stays import make_beds, resident
from tests.legal.conftest import SATURDAY, Browser

At = Callable[[str], Browser]
TODAY = SATURDAY.date()
STATEMENT = "She came on the night bus"
OPENED = date(2026, 5, 1)


def statement(world: World, hers: Client, matter: bytes) -> bytes:
    return actions.write(world.actor("advocate"), Write(hers.code, matter, "statement", "Declaration", STATEMENT))


def picture() -> bytes:
    kept = BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


def test_each_change_of_a_statement_is_a_version_and_none_is_lost(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    written = statement(world, hers, matter)
    actions.rewrite(advocate, Rewrite(hers.code, matter, written, 1, "Declaration", "She came by day", "She said so"))
    with pytest.raises(Conflict):
        actions.rewrite(advocate, Rewrite(hers.code, matter, written, 1, "Declaration", "Another", ""))
    view = queries.writing(advocate, hers.code, matter, written)
    assert [(text.number, text.body) for text, _ in view.versions] == [(2, "She came by day"), (1, STATEMENT)]
    assert len(queries.writings(advocate, hers.code, matter)) == 1


@pytest.mark.parametrize("who", ["caseworker", "supervisor", "desk", "director", "auditor"])
def test_nobody_without_the_privilege_reads_or_writes_a_word(
    world: World, hers: Client, matter: bytes, who: str
) -> None:
    statement(world, hers, matter)
    for attempt in (
        lambda: queries.writings(world.actor(who), hers.code, matter),
        lambda: queries.legal_files(world.actor(who), hers.code, matter),
        lambda: actions.write(world.actor(who), Write(hers.code, matter, "note", "A", "B")),
    ):
        with pytest.raises((Denied, Missing)):
            attempt()


def test_a_scan_of_a_notice_is_kept_with_it_and_never_among_her_papers(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    advocate = world.actor("advocate")
    make_notice(world, hers, matter, RFE)
    notice = queries.matter(advocate, hers.code, matter).notices[0].now.id
    file = actions.add_file(advocate, AddLegalFile(hers.code, matter, "RFE, both pages", notice, picture()))
    assert [(one.file.label, one.notice) for one in queries.legal_files(advocate, hers.code, matter)] == [
        ("RFE, both pages", notice)
    ]
    view, parts = queries.legal_content(advocate, hers.code, matter, file)
    whole = b"".join(parts)
    assert (view.is_picture, whole[:8]) == (True, b"\x89PNG\r\n\x1a\n")
    sent = at("advocate").get(f"/people/{hers.code}/matters/{matter.hex()}/files/{file.hex()}")
    assert (sent.status_code, sent.data) == (200, whole)
    assert "RFE" not in sent.headers["Content-Disposition"]
    assert "RFE, both pages" not in at("caseworker").get(f"/people/{hers.code}/files").text
    other = make_matter(world, make_client(world))
    with pytest.raises(Missing):
        queries.legal_content(world.actor("legal_supervisor"), hers.code, other, file)


# -- what a caseworker reads -----------------------------------------------------


def test_a_caseworker_reads_the_days_she_must_keep_and_nothing_else(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    advocate, caseworker = world.actor("advocate"), at("caseworker")
    page = f"/people/{hers.code}"
    hearing = Arrangements("master_hearing", "08:30", "Room 4, Olive Street")
    due = actions.add_visit(advocate, AddVisit(hers.code, matter, TODAY + timedelta(days=3), hearing))
    assert "from her advocate" not in caseworker.get(page).text
    actions.show_date(advocate, ShowDate(hers.code, matter, due.id, "Appointment, bring her passport"))
    shown = caseworker.get(page).text
    for words in ("Dates to keep, from her advocate", "Appointment, bring her passport", "08:30", "Tue 24 Nov"):
        assert words in shown
    for words in ("hearing", "Olive Street", "matters", "T-1"):
        assert words not in shown
    actions.replace_date(advocate, ReplaceDate(hers.code, matter, due.id, TODAY + timedelta(days=5), "Put off"))
    assert "Thu 26 Nov" in caseworker.get(page).text
    fresh = queries.matter(advocate, hers.code, matter).open_dates[0]
    actions.finish_date(advocate, FinishDate(hers.code, matter, fresh.id, TODAY))
    assert "from her advocate" not in caseworker.get(page).text


def test_the_days_to_keep_stand_in_the_caseworker_s_own_day(world: World, at: At) -> None:
    code = resident(world, make_beds(world)["A"], called="Lucero")
    client = db.session.scalars(select(Client).where(Client.code == code)).one()
    caseworker = world.members["caseworker"].id
    if db.session.get(Assignment, (client.id, caseworker, "case")) is None:
        db.session.add(Assignment(client_id=client.id, staff_id=caseworker, kind="case"))
        db.session.commit()
    matter = make_matter(world, client)
    advocate, day = world.actor("advocate"), agency_today() + timedelta(days=3)
    due = actions.add_visit(advocate, AddVisit(code, matter, day, Arrangements("talk", "10:15")))
    actions.show_date(advocate, ShowDate(code, matter, due.id, "Appointment, bring her passport"))
    shown = at("caseworker").get("/today/").text
    assert "10:15 · Appointment, bring her passport" in shown


def test_what_is_hidden_again_is_gone_and_the_desk_never_saw_it(
    world: World, hers: Client, matter: bytes, at: At
) -> None:
    advocate = world.actor("advocate")
    due = actions.add_visit(advocate, AddVisit(hers.code, matter, TODAY, Arrangements("talk")))
    actions.show_date(advocate, ShowDate(hers.code, matter, due.id, "Talk at noon"))
    found = queries.shown_within(world.actor("caseworker"), [hers.id], TODAY + timedelta(days=7))
    assert [(client, one.words) for client, one in found] == [(hers.id, "Talk at noon")]
    assert queries.shown_of(world.actor("desk"), hers) is None
    actions.hide_date(advocate, HideDate(hers.code, matter, due.id))
    assert queries.shown_within(world.actor("caseworker"), [hers.id], TODAY + timedelta(days=7)) == []
    with pytest.raises(Broken):
        actions.show_date(advocate, ShowDate(hers.code, matter, due.id, ""))


# -- conflict of interest ----------------------------------------------------------


def test_the_other_side_is_compared_with_everybody_served_before_a_matter_opens(world: World, hers: Client) -> None:
    boss = world.actor("legal_supervisor")
    served = begin(world, called="Lucero")
    save_names(world.actor("caseworker"), served, "Xiomara Quiñones Baldomar")
    lead = world.members["advocate"].id
    command = OpenMatter(hers.code, "t_visa", OPENED, lead, adverse=("Siomara Quinones Baldomar",))
    with pytest.raises(Broken) as broken:
        actions.open_matter(boss, command)
    assert (broken.value.message_key, broken.value.field) == ("legal.conflict_near", "cleared")
    assert queries.near_of(boss, hers.code, command.adverse) == (queries.Near("client", served),)
    matter = actions.open_matter(boss, replace(command, cleared="A namesake, born elsewhere"))
    compared = queries.matter(boss, hers.code, matter).text.compared[0]
    assert (compared.near, compared.cleared) == (1, "A namesake, born elsewhere")


def test_an_advocate_learns_only_that_there_is_somebody(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    served = begin(world, called="Lucero")
    save_names(world.actor("caseworker"), served, "Xiomara Quiñones Baldomar")
    parties = ("Xiomara Quiñones Baldomar",)
    with pytest.raises(Broken) as broken:
        actions.open_matter(advocate, OpenMatter(hers.code, "foia", OPENED, adverse=parties, cleared="Surely not"))
    assert broken.value.message_key == "legal.conflict_for_supervisor"
    assert queries.near_of(advocate, hers.code, parties) == (queries.Near("client", ""),)
    with pytest.raises(Broken):
        actions.change_matter(advocate, ChangeMatter(hers.code, matter, 1, "", parties, ""))


def test_a_client_who_stands_on_the_other_side_elsewhere_is_found(world: World, hers: Client) -> None:
    boss, lead = world.actor("legal_supervisor"), world.members["advocate"].id
    actions.open_matter(boss, OpenMatter(hers.code, "t_visa", OPENED, lead, adverse=("Testname Quellman",)))
    other = make_client(world, legal_name="Testname Quellmann")
    with pytest.raises(Broken) as broken:
        actions.open_matter(boss, OpenMatter(other.code, "foia", OPENED, lead))
    assert broken.value.message_key == "legal.conflict_near"


def test_retainer_and_closing_letter_are_recorded_in_their_order(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    agreed = Agreed(date(2026, 3, 3), "A lawyer", date(2026, 11, 1), "Closed with approval")
    actions.change_matter(advocate, ChangeMatter(hers.code, matter, 1, "Scope", (), "", agreed))
    assert queries.matter(advocate, hers.code, matter).text.agreement.closing == "Closed with approval"
    wrong = replace(agreed, closing_on=date(2026, 1, 1))
    with pytest.raises(Broken) as broken:
        actions.change_matter(advocate, ChangeMatter(hers.code, matter, 2, "Scope", (), "", wrong))
    assert broken.value.field == "closing_on"


def test_two_versions_stand_side_by_side_with_the_words_that_differ(world: World, hers: Client, matter: bytes) -> None:
    advocate = world.actor("advocate")
    first = Write(hers.code, matter, "statement", "Statement", "I came by bus.\nIt was night.")
    made = actions.write(advocate, first)
    later = Rewrite(hers.code, matter, made, 1, "Statement", "I came by train.\nIt was night.\nNobody spoke.")
    actions.rewrite(advocate, later)
    both = queries.compared(advocate, hers.code, matter, made, 2)
    assert [pair.changed for pair in both.pairs] == [True, False, True]
    assert both.pairs[0].before == (("I came by ", False), ("bus.", True))
    assert both.pairs[2].after == (("Nobody spoke.", True),)
    for number in (1, 3):
        with pytest.raises(Missing):
            queries.compared(advocate, hers.code, matter, made, number)
