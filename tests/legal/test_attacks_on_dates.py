"""Attacks on dates, through the real forms in both languages: what cannot be is said beside its field and what was
typed is kept; what is odd but true (a clock change, a leap day, a holiday observed on another day) is counted right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import pytest
from flask import Flask

from shelter.clients.models import Client
from shelter.legal import queries
from shelter.web.i18n import catalogue
from tests.factories.agency import World
from tests.factories.legal import make_matter
from tests.legal.conftest import SATURDAY, Browser

DATABASES = ("sqlite",)
At = Callable[[str], Browser]
TODAY = SATURDAY.date()


def home(hers: Client, matter: bytes) -> str:
    return f"/people/{hers.code}/matters/{matter.hex()}"


@pytest.fixture
def sits(app: Flask, world: World) -> Callable[[datetime], Browser]:
    """The advocate at a browser of her own, at any moment."""

    def sign_in(moment: datetime) -> Browser:
        browser = Browser(app, app.test_client(), moment)
        browser.sign_in(world.members["advocate"])
        return browser

    return sign_in


class Slip(NamedTuple):
    """What somebody types, in which kind of matter and form, and what is said beside which question."""

    kind: str
    end: str
    typed: dict[str, str]
    field: str
    said: str
    places: Mapping[str, str] = {}


DAY = ("Write the date like %(example)s", {"example": "2026-11-21"})
LETTER = "At place %(position)s there is the letter %(seen)s. Is it the digit %(likely)s?"
RFE = {"type": "rfe", "came": "mail", "trigger_date": "2026-11-02", "printed_date": "2027-01-28"}
RECEIPT = {"type": "receipt", "came": "mail", "trigger_date": "2026-11-02"}
SLIPS = {
    "a notice of tomorrow": Slip(
        "t_visa", "/notices/new", RFE | {"trigger_date": "2026-11-22"}, "trigger_date", "This day has not come yet"
    ),
    "a leap day in a common year": Slip(
        "t_visa", "/notices/new", RFE | {"trigger_date": "2026-02-29"}, "trigger_date", *DAY
    ),
    "the 31st of a shorter month": Slip(
        "t_visa", "/notices/new", RFE | {"trigger_date": "9/31/2026"}, "trigger_date", *DAY
    ),
    "a year of two digits, as a browser's calendar makes it": Slip(
        "t_visa", "/notices/new", RFE | {"trigger_date": "0026-11-02"}, "trigger_date", "Write the year in four digits"
    ),
    "a year beyond the calendar": Slip(
        "t_visa", "/dates/new", {"rule": "status.ends", "trigger_date": "9999-12-31"}, "trigger_date",
        "Write the year in four digits",
    ),
    "an answer by a day before the notice": Slip(
        "t_visa", "/notices/new", RFE | {"printed_date": "2026-11-01"}, "printed_date",
        "The printed date is before the date of the notice.",
    ),
    "no printed day for an answer": Slip(
        "t_visa", "/notices/new", RFE | {"printed_date": ""}, "printed_date",
        "Enter the date printed on the notice. It cannot be computed.",
    ),
    "no printed day for an appointment": Slip(
        "t_visa", "/notices/new", RFE | {"type": "biometrics", "printed_date": ""}, "printed_date",
        "Enter the date printed on the notice. It cannot be computed.",
    ),
    "received before it was written": Slip(
        "t_visa", "/notices/new", RFE | {"received_on": "2026-11-01"}, "received_on",
        "It cannot have come before the date printed on it",
    ),
    "the letter I for the digit 1": Slip(
        "t_visa", "/notices/new", RECEIPT | {"receipt_number": "IOE09I2345678"}, "receipt_number",
        LETTER, {"position": "6", "seen": "I", "likely": "1"},
    ),
    "the letter O for the digit 0": Slip(
        "t_visa", "/notices/new", RECEIPT | {"receipt_number": "EAC26OO912345"}, "receipt_number",
        LETTER, {"position": "6", "seen": "O", "likely": "0"},
    ),
    "an expiry before the issue": Slip(
        "t_visa", "/dates/new", {"rule": "ead.expires", "trigger_date": "2026-10-01", "issued": "2026-10-02"},
        "trigger_date", "It cannot end before the day it was issued",
    ),
    "an issue to come": Slip(
        "t_visa", "/dates/new", {"rule": "ead.expires", "trigger_date": "2028-10-01", "issued": "2026-11-22"},
        "issued", "This day has not come yet",
    ),
    "an order of tomorrow": Slip(
        "removal_defense", "/dates/new", {"rule": "motion.reopen", "trigger_date": "2026-11-22"}, "trigger_date",
        "This date is after today.",
    ),
    "a notice older than its rule": Slip(
        "t_visa", "/notices/new", RFE | {"trigger_date": "1999-11-02"}, "trigger_date",
        "No version of this rule holds for that date.",
    ),
    "a stage that does not follow": Slip(
        "t_visa", "/stage", {"stage": "approved", "on": "2026-11-20", "why": "By telephone", "version": "1"}, "stage",
        "This stage does not follow the present one.",
    ),
    "a stage before the one that stands": Slip(
        "t_visa", "/stage", {"stage": "filed", "on": "2026-03-01", "version": "1"}, "on",
        "This day is before the day of the present stage",
    ),
    "a stage of tomorrow": Slip(
        "t_visa", "/stage", {"stage": "filed", "on": "2026-11-22", "version": "1"}, "on", "This day has not come yet"
    ),
    "sent tomorrow": Slip(
        "t_visa", "/filings/new", {"forms": "G-28", "sent_on": "2026-11-22", "about": "Her son"}, "sent_on",
        "This day has not come yet",
    ),
    "an appointment of yesterday": Slip(
        "t_visa", "/visits/new", {"what": "talk", "day": "2026-11-20", "place": "Olive Street"}, "day",
        "This day is over already",
    ),
    "an hour that no clock has": Slip(
        "t_visa", "/visits/new", {"what": "talk", "day": "2026-12-20", "time": "25:10"}, "time",
        "Write a time, such as 14:30 or 2:30 pm",
    ),
    "back before she left, where no limit counts": Slip(
        "protection_order", "/trips/new", {"left": "2026-06-10", "back": "2026-06-01", "permit": "Her passport"},
        "back", "The return is before the departure.",
    ),
    "asked for tomorrow": Slip(
        "u_visa", "/asks/new",
        {"kind": "supplement_b", "certifier": "california", "agency": "Sheriff", "asked_on": "2026-11-22"},
        "asked_on", "This day has not come yet",
    ),
    "born tomorrow": Slip(
        "t_visa", "/family/new", {"name": "Her son", "relation": "child", "born": "2026-11-22", "version": "0"},
        "born", "This day has not come yet",
    ),
    "frozen before birth": Slip(
        "t_visa", "/family/new",
        {"name": "Her son", "relation": "child", "born": "2010-05-01", "frozen_on": "2010-04-30", "version": "0"},
        "frozen_on", "Age cannot be frozen before birth",
    ),
}  # fmt: skip


def beside(text: str, field: str) -> str:
    """What is said beside a question: its own error, not the list at the head of the page."""
    found = re.search(rf'<p class="field-error"[^>]*id="{field}-error"[^>]*>(.*?)</p>', text, re.DOTALL)
    assert found, f"nothing is said beside {field}"
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).replace("&#39;", "'")


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_slip_is_said_beside_its_field_and_what_was_typed_is_kept(
    world: World, hers: Client, at: At, language: str
) -> None:
    browser, advocate = at("advocate"), world.actor("advocate")
    browser.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    matters = {kind: make_matter(world, hers, type=kind) for kind in {slip.kind for slip in SLIPS.values()}}
    for name, slip in SLIPS.items():
        answer = browser.post(f"{home(hers, matters[slip.kind])}{slip.end}", **slip.typed)
        assert answer.status_code == 422, name
        said = catalogue(language).gettext(slip.said)
        assert (said != slip.said) == (language == "es"), name
        assert (said % slip.places if slip.places else said) in beside(answer.text, slip.field), name
        for key, value in slip.typed.items():
            assert key == "stage" or f'value="{value}"' in answer.text or f">{value}<" in answer.text, (name, key)
    for matter in matters.values():
        view = queries.matter(advocate, hers.code, matter)
        assert (view.dates, view.notices, view.filings, len(view.moves)) == ((), (), (), 1)
        assert queries.around(advocate, hers.code, matter).members == ()
