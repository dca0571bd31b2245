"""Two people of one caseworker, alike but for a matter: whatever she opens, she cannot tell which of them has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from shelter.accounts.models import StaffRole
from shelter.clients import queries as people
from shelter.clients.models import Assignment, Client
from shelter.db.errors import Missing
from shelter.legal import actions, queries
from shelter.legal.commands import AddVisit, Arrangements, NoticeWords
from shelter.policy.acts import Act
from shelter.policy.roles import Role
from shelter.restricting import queries as restricting
from shelter.restricting.actions import sign
from shelter.trail.record import commit_reads, note_read, record_alone
from tests.factories.agency import World, join
from tests.factories.legal import RFE, make_client, make_filing, make_matter, make_notice, make_told
from tests.legal.conftest import SATURDAY, Browser

DATABASES = ("sqlite",)
At = Callable[[str], Browser]
TODAY = SATURDAY.date()
WORDS = ("EAC2690012345", "Mortimer", "200300400", "T visa", "I-914", "matters")


def alike(text: str, client: Client) -> str:
    """A page without what is hers by chance: her code, ids, tokens and words drawn just now."""
    text = text.replace(client.code, "CODE").replace(client.code.lower(), "CODE")
    for drawn in re.findall(r'(?:<p class="lead"><b>|<strong class="drawn">)([a-z ]+)<', text):
        text = text.replace(drawn, "")
    return re.sub(r"[0-9a-f]{32}|IjE?[\w.-]{20,}|value=\"[\w.-]{60,}\"", "", text)


def told_everything(world: World) -> tuple[Client, Client]:
    """One with a matter in which much happens, one with nothing, and neither shown to her caseworker."""
    hers, other = make_client(world), make_client(world)
    matter = make_matter(world, hers)
    make_filing(world, hers, matter)
    make_notice(world, hers, matter, NoticeWords("receipt", TODAY, receipt_number="EAC2690012345"))
    make_notice(world, hers, matter, RFE)
    make_told(world, hers, make_matter(world, hers), lambda section: f"words of {section}")
    visit = AddVisit(hers.code, matter, TODAY + timedelta(days=2), Arrangements("talk", "10:00"))
    actions.add_visit(world.actor("advocate"), visit)
    return hers, other


def used_by_legal_staff(at: At, hers: Client) -> None:
    """Every list, day page and calendar of the advocate and her supervisor, a calendar made, and a refusal."""
    lists = ("/matters", "/matters/by-person", "/matters/by-matter", "/matters/missed", "/matters/all")
    for who in ("advocate", "legal_supervisor"):
        browser = at(who)
        for path in lists:
            assert hers.code in browser.get(path).text, (who, path)
        for path in ("/people", "/notices", f"/people/{hers.code}/matters"):
            assert browser.get(path).status_code == 200, (who, path)
        assert browser.post("/matters/calendar").status_code == 200
        assert browser.get(f"/people/{hers.code}/notes/").status_code in (403, 404)


@pytest.mark.parametrize("who", ["caseworker", "supervisor"])
def test_no_page_of_hers_tells_who_has_a_matter(app: Flask, world: World, at: At, who: str) -> None:
    hers, other = told_everything(world)
    used_by_legal_staff(at, hers)
    browser, adapter = at(who), app.url_map.bind("localhost")
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments == {"code"} and "GET" in (rule.methods or ())]
    opened, differing = 0, []
    for rule in sorted(rules, key=lambda one: one.rule):
        pages = [(browser.get(adapter.build(rule.endpoint, {"code": one.code})), one) for one in (hers, other)]
        (first, second) = (answer for answer, _ in pages)
        assert first.status_code == second.status_code, rule.rule
        if first.status_code == 200 and first.mimetype == "text/html":
            opened += 1
            if len({alike(answer.text, one) for answer, one in pages}) > 1:
                differing.append(rule.rule)
            assert not [word for word in WORDS if word in first.text and word not in second.text], rule.rule
    assert opened > 20
    assert differing == []


@pytest.mark.parametrize("who", ["caseworker", "supervisor"])
def test_no_list_no_search_and_no_notice_tells_it_either(world: World, at: At, who: str) -> None:
    hers, other = told_everything(world)
    browser = at(who)
    for path in ("/people", "/today/", "/notices", "/papers", "/sessions"):
        answer = browser.get(path)
        for word in WORDS[:-1]:
            assert word not in answer.text, (path, word)
        if hers.code in answer.text or other.code in answer.text:
            assert answer.text.count(hers.code) == answer.text.count(other.code), path
    for words in (*WORDS, "words of scope of a matter", "Adversary Mortimer", "A200300400"):
        found = browser.post("/people/find", "/people", words=words)
        assert hers.code not in found.text, words


def test_who_closes_a_record_to_all_but_a_few_does_not_learn_who_has_a_matter(world: World, at: At) -> None:
    hers, other = told_everything(world)
    browser = at("supervisor")
    chosen = [world.members[who].id.hex() for who in ("supervisor", "caseworker", "legal_supervisor")]
    for step in ("chosen", "signed"):
        told = set()
        for one in (hers, other):
            if step == "chosen":
                assert browser.post(f"/people/{one.code}/restricted", people=chosen).status_code == 302
            told.add(alike(browser.get(f"/people/{one.code}/restricted").text, one))
        assert len(told) == 1, step
        assert "legal staff" in told.pop()
        steward = world.actor("steward")
        for waiting in restricting.for_steward(steward)[0]:
            sign(steward, waiting.id)


def seen_by_caseworker(world: World, client: Client) -> set[tuple[str, str]]:
    days = people.looked(world.actor("caseworker"), client.code)
    return {(look.who, look.act) for day in days for look in day.looks}


def test_her_advocate_sees_who_looked_at_legal_work_and_who_was_refused_it_and_no_casework(
    world: World, db: Any
) -> None:
    hers = make_client(world)
    make_matter(world, hers)
    for who in ("advocate", "legal_supervisor"):
        queries.matters_of(world.actor(who), hers.code)
    note_read(world.actor("caseworker"), Act.NOTES_READ, [hers.id], "caseworker + assigned + not-denied")
    commit_reads()
    record_alone(world.actor("caseworker"), f"refused:{Act.MATTERS_READ}", hers.id)
    for who in ("advocate", "legal_supervisor"):
        days = people.looked(world.actor(who), hers.code)
        seen = {(look.who, look.act) for day in days for look in day.looks}
        assert ("Legal_Supervisor", Act.MATTERS_READ) in seen
        assert ("Caseworker", f"refused:{Act.MATTERS_READ}") in seen
        assert not any(act == Act.NOTES_READ for _, act in seen)
    both = join(world, "both", Role.SUPERVISOR, Role.LEGAL_SUPERVISOR)
    acts = {look.act for day in people.looked(both, hers.code) for look in day.looks}
    assert {Act.NOTES_READ, Act.MATTERS_READ} <= acts, "whoever works in both offices sees both"
    other = make_client(world)
    db.session.execute(delete(Assignment).where(Assignment.client_id == other.id))
    db.session.commit()
    with pytest.raises(Missing):
        people.looked(world.actor("advocate"), other.code)


def test_who_has_looked_tells_of_no_legal_work(world: World, db: Any) -> None:
    hers, other = make_client(world), make_client(world)
    make_matter(world, hers)
    for who in ("advocate", "legal_supervisor"):
        actor = world.actor(who)
        for read in (queries.day, queries.missed, queries.every, people.my_people):
            read(actor)
        queries.matters_of(actor, hers.code)
        note_read(actor, Act.CLIENTS_READ, [hers.id])
        commit_reads()
        record_alone(actor, "refused:notes.index", hers.id)
    record_alone(world.actor("supervisor"), "refused:notes.index", hers.id)
    found = seen_by_caseworker(world, hers)
    assert {who for who, _ in found} == {"Supervisor"}
    assert found - seen_by_caseworker(world, other) == {("Supervisor", "refused:notes.index")}
    db.session.execute(update(StaffRole).where(StaffRole.role == "legal_advocate").values(role="caseworker"))
    db.session.commit()
    assert seen_by_caseworker(world, hers) == found, "what she did as an advocate stays untold"
