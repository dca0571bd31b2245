"""Each change of a setting is a version with who and when; the languages on offer are one of the settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import Context
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.settings import actions, history, portable, queries
from shelter.settings.actions import ChangeSite, SetLimit, WordField, WordPick
from shelter.settings.queries import Languages
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.settings import choir

Sit = Callable[[str], Desk]


@pytest.fixture(autouse=True)
def _nothing_known() -> Any:
    queries._known.clear()
    yield
    queries._known.clear()


def told(world: World) -> list[tuple[str, str, dict[str, str], str]]:
    found = history.changes(world.actor("administrator")).shown
    return [(one.kind, one.code, one.values, one.by) for one in found]


def test_every_kind_of_setting_leaves_a_version_with_who_and_when(world: World) -> None:
    boss = world.actor("administrator")
    actions.set_limit(boss, SetLimit("idle_minutes", 20, 0))
    actions.set_limit(boss, SetLimit("idle_minutes", 25, 1))
    actions.word_field(boss, WordField("pronouns", "en", "How shall we speak of you?", "", "required", 0))
    actions.word_pick(boss, WordPick("plan_areas", "boats", "en", "Boats", False, 0))
    site = actions.change_site(boss, ChangeSite(None, "Lark House", "UTC", 15, False, "1 Hidden Lane", "", "", 0))
    choir(world)
    actions.offer(boss, Languages(offered=("es",), default="es"))
    found = told(world)
    assert [one[0] for one in found] == ["language", "service", "site", "pick", "field", "limit", "limit"]
    assert found[-1][1:] == ("idle_minutes", {"value": "20"}, "Administrator")
    assert found[-2][2] == {"value": "25"}, "what it was before stays"
    assert found[2][1] == site.hex()
    assert "Hidden" not in str(found), "an address is sealed"
    assert found[0][2] == {"offered": "es", "default": "es"}
    with pytest.raises(Denied):
        history.changes(world.actor("supervisor"))


def test_a_file_that_is_taken_in_leaves_its_versions_too(world: World) -> None:
    boss = world.actor("administrator")
    file = {"format": 1, "limits": {"idle_minutes": 25}, "languages": {"offered": ["en"], "default": "en"}}
    found = portable.read(json.dumps(file).encode())
    assert {one.what for one in portable.differences(boss, found)} == {"limit", "languages"}
    portable.take_in(boss, found)
    assert [one[:3] for one in told(world)] == [
        ("language", "offered", {"offered": "en", "default": "en"}), ("limit", "idle_minutes", {"value": "25"}),
    ]  # fmt: skip
    assert json.loads(portable.taken_out(boss))["languages"] == {"offered": ["en"], "default": "en"}
    assert portable.differences(boss, found) == []
    for bad in (
        {"offered": [], "default": "en"},
        {"offered": ["en"], "default": "es"},
        {"offered": ["xx"], "default": "xx"},
    ):
        with pytest.raises(Broken):
            portable.read(json.dumps({"languages": bad}).encode())


def test_a_long_history_is_paged_and_no_version_is_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PAGE", 3)
    boss = world.actor("administrator")
    for number in range(8):
        actions.set_limit(boss, SetLimit("idle_minutes", 10 + number, number))
    numbers: list[int] = []
    page = history.changes(boss)
    while True:
        numbers += [one.number for one in page.shown]
        if page.older is None:
            break
        page = history.changes(boss, before=page.older)
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 8
    back = history.changes(boss, after=page.newer)
    assert [one.number for one in back.shown] == numbers[3:6]


def seen(app: Flask, **headers: str) -> str:
    return str(Context().run(app.test_client().get, "/sign-in", headers=headers).text)


def test_a_language_that_is_not_offered_is_on_no_page_and_the_default_is(app: Flask, world: World) -> None:
    boss = world.actor("administrator")
    assert '<html lang="en"' in seen(app)
    assert "Español" in seen(app)
    actions.offer(boss, Languages(offered=("en", "es"), default="es"))
    assert '<html lang="es"' in seen(app)
    asked = {"Accept-Language": "en"}
    assert '<html lang="en"' in seen(app, **asked)
    actions.offer(boss, Languages(offered=("en",), default="en"))
    asked = {"Accept-Language": "es", "Cookie": "__Host-lang=es"}
    assert '<html lang="en"' in seen(app, **asked)
    assert "Español" not in seen(app, **asked)
    for offered, default, field in (((), "en", "offered"), (("en",), "es", "default"), (("en", "fr"), "en", "offered")):
        with pytest.raises(Broken) as broken:
            actions.offer(boss, Languages(offered=offered, default=default))
        assert broken.value.field == field


def test_chosen_on_the_page_and_shown_in_the_history(world: World, desk: Sit) -> None:
    ana = desk("administrator")
    assert "Choose one of those" in ana.post("/settings/languages", offered="en", default="es").text
    assert ana.post("/settings/languages", offered="es", default="es").status_code == 302
    page = ana.get("/settings/history").text
    assert "se ofrecen: es" in page
    assert "Administrator" in page
    for nonsense in ("before=x", f"after={10**30}", "before=-1"):
        assert ana.get(f"/settings/history?{nonsense}").status_code == 200
    assert desk("supervisor").get("/settings/history").status_code == 403


def test_what_was_set_is_said_in_the_language_of_the_reader(world: World, desk: Sit) -> None:
    boss = world.actor("administrator")
    actions.word_field(boss, WordField("pronouns", "es", "", "", "required", 0))
    actions.word_pick(boss, WordPick("plan_areas", "boats", "es", "Barcas", True, 0))
    actions.offer(boss, Languages(offered=("es",), default="es"))
    page = desk("administrator").get("/settings/history").text
    for said in ("no se ofrece: sí", "se pregunta: "):
        assert said in page
    for code in (": yes<", ": required<"):
        assert code not in page


def test_another_process_hears_of_it_within_seconds_and_an_error_page_needs_no_database(
    world: World, db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert queries.languages() == Languages()
    boss = world.actor("administrator")
    monkeypatch.setattr(queries, "languages_changed", lambda: None)
    actions.offer(boss, Languages(offered=("es",), default="es"))
    assert queries.languages().default == "en", "as this process has read it"
    monkeypatch.setattr(queries, "KNOWN_FOR", 0.0)
    assert queries.languages().default == "es"
    db.session.rollback()
    monkeypatch.setattr(queries, "_NEWEST", text("select nothing from nowhere"))
    assert queries.languages() == Languages(), "as where the database is away"
