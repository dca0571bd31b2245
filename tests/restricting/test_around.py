"""Every page of everybody with a restricted person about: none breaks over a key that its reader lacks."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from shelter.cli import examining
from shelter.restricting import actions, moving
from shelter.stewards import duties
from tests.erasing.conftest import Her, her
from tests.policy.test_sweep import address, at_the_desk, open_house, routes
from tests.restricting.test_restricting import ask, take_over

DATABASES = ("sqlite",)
__all__ = ["her", "open_house"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "who", ["caseworker", "caseworker_two", "supervisor", "legal_supervisor", "advocate", "desk", "steward", "director"]
)
def test_no_page_breaks_and_none_outside_shows_her(open_house: Flask, her: Her, db: Any, who: str) -> None:
    duties._looked.clear()
    duties._marks_seen.clear()
    actions.sign(her.world.actor("steward"), ask(her))
    take_over(her)
    desk, wrong = at_the_desk(open_house, her.world, who), []
    belongs = who in ("caseworker", "supervisor", "advocate")
    for rule, method, _mark in routes(open_house):
        told = desk.open(address(open_house, rule, her.code), method=method, data={} if method == "POST" else None)
        outside = "code" in rule.arguments and not belongs and told.status_code not in (403, 404)
        if told.status_code >= 500 or outside or (not belongs and b"Quirina" in told.data):
            wrong.append(f"{method} {rule.rule}: {told.status_code}")
    assert wrong == []


def test_doctor_looks_through_what_its_person_holds(her: Her, db: Any) -> None:
    actions.sign(her.world.actor("steward"), ask(her))
    take_over(her)
    for who in ("caseworker_two", "caseworker"):
        findings = list(examining.with_key_of(her.world.actor(who)))
        assert not [one.what for one in findings if one.bad], who
    assert not moving.waits(her.world.actor("caseworker"))
