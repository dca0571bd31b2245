"""Whoever is shown more people in an hour than a person reads is shown no more; everybody else goes on."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from shelter.accounts import volume
from shelter.db import db
from shelter.db.transaction import write_transaction
from shelter.policy.errors import TooMuch
from shelter.rules.clock import frozen, now
from shelter.trail.models import Trail
from tests.factories.agency import World
from tests.factories.clients import Desk, begin


def allow(app: Flask, answers: int) -> None:
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], answers_an_hour=answers)


def acts(act: str) -> int:
    return db.session.scalar(select(func.count()).select_from(Trail).where(Trail.act == act)) or 0


def test_beyond_the_number_nothing_is_shown_and_the_trail_says_so(app: Flask, world: World) -> None:
    code = begin(world, called="Zephyrine")
    sits, boss = Desk(app, world, "caseworker"), Desk(app, world, "supervisor")
    allow(app, 3)
    for _ in range(3):
        assert "Zephyrine" in sits.get(f"/people/{code}").text
    before = acts("clients:read")
    answer = sits.get(f"/people/{code}")
    assert (answer.status_code, "Zephyrine" in answer.text) == (429, False)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert (acts("clients:read"), acts("refused:volume")) == (before, 1)
    assert sits.get("/sessions").status_code == 200, "what is about nobody is not counted"
    assert "Zephyrine" in boss.get(f"/people/{code}").text, "each is counted by herself"


def test_an_hour_later_it_begins_anew_and_zero_counts_nothing(app: Flask, world: World) -> None:
    allow(app, 2)
    actor = world.actor("caseworker")

    def once() -> None:
        with write_transaction():
            volume.count(actor)

    once(), once()
    with pytest.raises(TooMuch):
        once()
    with frozen(now() + volume.HOUR + timedelta(seconds=1)):
        once(), once()
        with pytest.raises(TooMuch):
            once()
    allow(app, 0)
    for _ in range(5):
        once()


def test_two_first_answers_at_once_are_two(app: Flask, world: World) -> None:
    allow(app, 2)
    actor, failed = world.actor("caseworker"), list[Exception]()

    def second() -> None:
        try:
            with app.app_context(), write_transaction():
                volume.count(actor)
        except Exception as error:
            failed.append(error)

    other = threading.Thread(target=second)
    with write_transaction():
        volume.count(actor)
        other.start()
        other.join(0.5)
    other.join(30)
    assert failed == []
    with pytest.raises(TooMuch), write_transaction():
        volume.count(actor)
