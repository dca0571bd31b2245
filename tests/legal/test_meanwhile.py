"""What somebody else changed meanwhile, on every form of a matter that shows both: days stand in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest

from shelter.clients.models import Client
from shelter.legal import actions, queries
from shelter.legal.commands import (
    AddAsk,
    AddJourney,
    AddNotice,
    Agreed,
    AnswerAsk,
    ChangeFiling,
    ChangeMatter,
    CorrectNotice,
    EndJourney,
    KeepMember,
    Kin,
    MoveStage,
    NoticeWords,
    Sent,
)
from tests.factories.agency import World
from tests.factories.legal import make_filing, make_matter
from tests.legal.conftest import Browser

DATABASES = ("sqlite",)
At = Callable[[str], Browser]
THEIRS, OURS = date(2026, 10, 5), "2026-10-06"
WORDS = {"en": ("5 October 2026", "6 October 2026"), "es": ("5 de octubre de 2026", "6 de octubre de 2026")}


def changed_by_the_supervisor(world: World, hers: Client, matter: bytes) -> dict[str, dict[str, str]]:
    """Each form's address, and what somebody who opened it before typed."""
    boss, code, ask_on = world.actor("legal_supervisor"), hers.code, date(2026, 9, 1)
    make_filing(world, hers, matter, "I-918")
    actions.add_notice(boss, AddNotice(code, matter, NoticeWords("receipt", ask_on)))
    view = queries.matter(boss, code, matter)
    filing, notice = view.filings[0].now.id, view.notices[0].now.id
    ask = actions.add_ask(boss, AddAsk(code, matter, "supplement_b", "california", "Sheriff", "", ask_on))
    kin = Kin("Her son", "child", date(2010, 1, 5))
    son = actions.keep_member(boss, KeepMember(code, matter, kin))
    trip = actions.add_journey(boss, AddJourney(code, matter, ask_on, None))
    actions.change_matter(boss, ChangeMatter(code, matter, view.version, "", (), "", Agreed(retainer_on=THEIRS)))
    actions.move_stage(boss, MoveStage(code, matter, 1, "certification_asked", THEIRS))
    sent = Sent(THEIRS, "courier", "exempt", "8 CFR 106.3(b)")
    actions.change_filing(boss, ChangeFiling(code, matter, filing, 1, sent, "", "", ""))
    again = NoticeWords("receipt", ask_on, THEIRS)
    actions.correct_notice(boss, CorrectNotice(code, matter, notice, 1, again, "Read again"))
    actions.answer_ask(boss, AnswerAsk(code, matter, ask, 1, "refused", THEIRS, "No case number"))
    fresh = Kin("Her son", "child", date(2010, 1, 5), frozen_on=THEIRS)
    actions.keep_member(boss, KeepMember(code, matter, fresh, son, 1))
    actions.end_journey(boss, EndJourney(code, matter, trip, 1, THEIRS))
    return {
        "change": {"retainer_on": OURS},
        "stage": {"stage": "certification_signed", "on": OURS},
        f"filings/{filing.hex()}": {"sent_on": OURS, "fee": "exempt", "fee_ground": "8 CFR 106.3(b)"},
        f"notices/{notice.hex()}": {
            "type": "receipt", "trigger_date": "2026-09-01", "received_on": OURS, "came": "mail", "why": "Mine",
        },
        f"asks/{ask.hex()}/answer": {"answer": "refused", "on": OURS, "why": "Not theirs"},
        f"family/{son.hex()}": {"name": "Her son", "relation": "child", "born": "2010-01-05", "frozen_on": OURS},
        f"trips/{trip.hex()}": {"back": OURS},
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_day_stands_there_as_a_machine_writes_it(world: World, hers: Client, at: At, language: str) -> None:
    matter = make_matter(world, hers, type="u_visa")
    forms, browser = changed_by_the_supervisor(world, hers, matter), at("advocate")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    for end, typed in forms.items():
        late = browser.post(f"/people/{hers.code}/matters/{matter.hex()}/{end}", version="1", **typed)
        assert late.status_code == 409, end
        shown = re.sub(r"<[^>]+>|\s+", " ", late.text.split('id="conflict"')[1].split("</section>")[0])
        for words in WORDS[language]:
            assert words in shown, (end, words)
        assert re.search(r"\d{4}-\d\d-\d\d", shown) is None, end
        assert f'value="{OURS}"' in late.text, end
