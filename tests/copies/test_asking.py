"""Somebody asks for a part that her keys do not open: a holder hears of it, and the asker learns nothing by asking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.accounts import actions as accounts
from shelter.accounts.notices import NoticeKind
from shelter.accounts.notices import mine as notices_of
from shelter.clients import actions as people
from shelter.clients import queries as clients
from shelter.copies import actions, queries
from shelter.copies.actions import Ask, Give
from shelter.copies.models import CopyAsk
from shelter.copies.upkeep import end_copies
from shelter.db.errors import Missing
from shelter.emergencies.actions import Break, break_glass
from shelter.policy.errors import Denied
from shelter.restricting import actions as restricting
from shelter.rules import clock
from shelter.rules.broken import Broken
from shelter.stewards import actions as stewards
from shelter.trail.proof import prove
from tests.erasing.conftest import Her, her
from tests.factories.clients import Desk, begin, client_id
from tests.restricting.test_restricting import ask as ask_to_restrict
from tests.restricting.test_restricting import take_over

__all__ = ["her"]
WHY = "her landlord wants a word from us"


@pytest.fixture(autouse=True)
def _in_a_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.fixture
def nobody(her: Her) -> Her:
    """Somebody else of the same caseworker with nothing in any part, and no matter."""
    code = begin(her.world)
    return Her(her.world, code, client_id(code))


def ask(her: Her, part: str = "legal", by: str = "caseworker") -> None:
    actions.ask(her.world.actor(by), Ask(her.code, part, "form", WHY))


def asked_of(her: Her, who: str) -> list[tuple[str, str]]:
    return [(one.code, one.part) for one in queries.asked_of_me(her.world.actor(who))]


def by(her: Her, who: str) -> list[tuple[str, str]]:
    return [(one.code, one.part) for one in queries.asked_by_me(her.world.actor(who))]


def heard(her: Her, who: str) -> list[str]:
    return [one.code for one in notices_of(her.world.actor(who)) if one.kind == NoticeKind.ASKED]


def test_whoever_works_with_her_in_that_part_hears_of_it_and_giving_answers_it(her: Her, db: Any) -> None:
    ask(her)
    assert heard(her, "advocate") == [her.code]
    assert [heard(her, who) for who in ("legal_supervisor", "supervisor", "caseworker_two", "desk")] == [[]] * 4
    ((one,), reader) = queries.asked_of_me(her.world.actor("advocate")), her.world.members["caseworker"].id
    assert (one.code, one.part, one.reason, one.words, one.asker) == (her.code, "legal", "form", WHY, reader)
    assert asked_of(her, "legal_supervisor") == [(her.code, "legal")]
    assert asked_of(her, "supervisor") == asked_of(her, "caseworker") == []
    lines, _ = queries.to_copy(her.world.actor("advocate"), her.code, "legal")
    chosen = frozenset(line.key for line in lines)
    for part, answered in (("legal services", False), ("legal", True)):
        if part == "legal":
            actions.give(her.world.actor("advocate"), Give(her.code, part, chosen, reader, "form", WHY, 3))
        assert (by(her, "caseworker") == []) is answered
    assert asked_of(her, "advocate") == []
    assert [one.code for one in queries.given_to_me(her.world.actor("caseworker"))] == [her.code]
    assert prove().holds


def test_counsel_asks_for_casework_and_nobody_for_what_her_keys_open(her: Her) -> None:
    ask(her, "plan", by="advocate")
    assert asked_of(her, "caseworker") == asked_of(her, "supervisor") == [(her.code, "plan")]
    assert heard(her, "caseworker") == [her.code]
    for who, part in (("advocate", "legal"), ("caseworker", "plan"), ("caseworker", "nothing")):
        with pytest.raises(Broken) as broken:
            ask(her, part, by=who)
        assert broken.value.message_key == "copies.open-already"
    with pytest.raises(Broken) as broken:
        ask(her, "plan", by="advocate")
    assert broken.value.message_key == "copies.asked-already"


def test_asking_tells_nothing_of_what_is_there_nor_of_what_was_answered(her: Her, nobody: Her, app: Flask) -> None:
    rosa = Desk(app, her.world, "caseworker")

    def shown(of: Her) -> list[str]:
        return [re.sub(r"value=\"[\w.-]{60,}\"|IjE?[\w.-]{20,}|[0-9a-f]{32}", "", text) for text in pages(of)]

    def pages(of: Her) -> Iterator[str]:
        path = f"/people/{of.code}/copies/ask"
        yield rosa.get(path).text.partition('name="part"')[2].partition("</form>")[0].replace(of.code, "CODE")
        answer = rosa.post(path, part="legal", reason="form", words=WHY)
        assert answer.status_code == 302
        yield answer.headers["Location"]
        for hers in (her, nobody):
            offered = queries.to_ask_for(of.world.actor("caseworker"), hers.code)
            yield str(sorted(offered))
        looks = clients.looked(of.world.actor("caseworker"), of.code)
        yield str(sorted({(one.who, one.act, one.why) for day in looks for one in day.looks if "copies" in one.act}))

    assert shown(her) == shown(nobody)
    assert asked_of(her, "legal_supervisor") == [(her.code, "legal"), (nobody.code, "legal")]
    before = sorted(by(her, "caseworker"))
    for one in queries.asked_of_me(her.world.actor("legal_supervisor")):
        actions.put_away(her.world.actor("legal_supervisor"), one.id)
    assert asked_of(her, "legal_supervisor") == asked_of(her, "advocate") == []
    assert sorted(by(her, "caseworker")) == before, "she sees no difference"
    with pytest.raises(Broken):
        ask(her)


def test_somebody_hears_of_every_ask_also_where_there_is_no_matter(nobody: Her) -> None:
    ask(nobody)
    assert heard(nobody, "legal_supervisor") == [nobody.code]
    assert heard(nobody, "advocate") == []


def test_who_may_not_know_her_asks_for_nothing_and_is_answered_nothing(her: Her, db: Any) -> None:
    for who in ("stranger", "caseworker_two", "desk", "director", "auditor", "administrator", "steward"):
        with pytest.raises((Missing, Denied)):
            ask(her, by=who)
    break_glass(her.world.actor("caseworker_two"), Break(her.code, "danger", "x"))
    with pytest.raises(Denied):
        ask(her, by="caseworker_two")
    ask(her)
    for who in ("supervisor", "caseworker", "stranger"):
        (one,) = db.session.scalars(select(CopyAsk.id))
        with pytest.raises(Missing):
            actions.put_away(her.world.actor(who), one)
    people.deny(her.world.actor("supervisor"), her.code, her.world.members["caseworker"].id)
    assert asked_of(her, "advocate") == []
    assert by(her, "caseworker") == []


def test_whoever_has_left_asks_no_more(her: Her) -> None:
    ask(her)
    accounts.dismiss(her.world.actor("administrator"), her.world.members["caseworker"].id)
    stewards.unbind_colleague(her.world.actor("steward"), her.world.members["caseworker"].id)
    assert asked_of(her, "advocate") == []


def test_of_a_restricted_person_those_on_her_rosters_ask_and_answer(her: Her) -> None:
    restricting.sign(her.world.actor("steward"), ask_to_restrict(her))
    take_over(her)
    ask(her)
    assert asked_of(her, "advocate") == [(her.code, "legal")]
    assert asked_of(her, "legal_supervisor") == []
    with pytest.raises(Missing):
        ask(her, "plan", by="legal_supervisor")


def test_of_whom_she_was_shown_no_ask_the_trail_does_not_say_she_looked(her: Her, app: Flask) -> None:
    def looked_at_asks() -> set[str]:
        days = clients.looked(her.world.actor("caseworker"), her.code)
        return {one.who for day in days for one in day.looks if one.act == "copies:ask"}

    ask(her)
    boss, law = (Desk(app, her.world, who) for who in ("supervisor", "advocate"))
    assert WHY in law.get("/copies").text
    assert WHY not in boss.get("/copies").text
    assert looked_at_asks() == {"Caseworker"}
    ask(her, "plan", by="legal_supervisor")
    assert WHY in boss.get("/copies").text
    assert looked_at_asks() == {"Caseworker", "Supervisor"}


def test_where_whoever_works_with_her_has_left_the_office_hears_of_it(her: Her) -> None:
    advocate = her.world.members["advocate"].id
    accounts.dismiss(her.world.actor("administrator"), advocate)
    ask(her)
    assert heard(her, "legal_supervisor") == [her.code], "before her keys are taken off the list"
    stewards.unbind_colleague(her.world.actor("steward"), advocate)
    ask(her, "legal services")
    assert heard(her, "legal_supervisor") == [her.code] * 2


def test_an_ask_of_somebody_off_her_roster_is_closed(her: Her) -> None:
    ask(her, "plan", by="legal_supervisor")
    assert asked_of(her, "caseworker") == [(her.code, "plan")]
    restricting.sign(her.world.actor("steward"), ask_to_restrict(her))
    take_over(her)
    assert asked_of(her, "caseworker") == by(her, "legal_supervisor") == [], "nobody could give her a copy"


def test_it_waits_two_weeks_and_goes(her: Her, db: Any) -> None:
    ask(her)
    with clock.frozen(clock.now() + timedelta(days=13, hours=23)):
        end_copies(clock.now())
        db.session.commit()
        assert asked_of(her, "advocate")
    with clock.frozen(clock.now() + timedelta(days=14, seconds=1)):
        assert asked_of(her, "advocate") == by(her, "caseworker") == [], "before any tick"
        end_copies(clock.now())
        db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(CopyAsk)) == 0


def test_asked_and_answered_on_the_pages(app: Flask, her: Her) -> None:
    rosa, path = Desk(app, her.world, "caseworker"), f"/people/{her.code}/copies"
    assert f"{path}/ask" in rosa.get(path).text
    assert "Choose" in rosa.post(f"{path}/ask", words=WHY).text
    rosa.post(f"{path}/ask", part="legal", reason="form", words=WHY)
    assert "waits until" in rosa.get("/copies").text
    law = Desk(app, her.world, "advocate")
    assert "asks for a copy of a part of" in law.get("/notices").text
    page = law.get("/copies").text
    assert WHY in page
    (link,) = re.findall(rf'href="({path}/legal\?to=[0-9a-f]+)"', page)
    form = law.get(link).text
    reader = her.world.members["caseworker"].id.hex()
    assert re.search(rf'value="{reader}"[^>]*checked|checked[^>]*value="{reader}"', form)
    (away,) = re.findall(r'action="(/copies/asks/[0-9a-f]+/away)"', page)
    assert law.post(away, "/copies").status_code == 302
    assert WHY not in law.get("/copies").text
    assert "waits until" in rosa.get("/copies").text
