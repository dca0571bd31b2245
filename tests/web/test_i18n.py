"""English and Spanish, from .po files alone, and in the language she asked for first."""

from __future__ import annotations

import pytest
from flask import Flask, g
from flask_babel import gettext, ngettext

from shelter.web import i18n
from tests.web.conftest import make_app


@pytest.mark.parametrize(
    ("own", "cookie", "browser", "language"),
    [
        (None, None, None, "en"),
        (None, None, "fr, es;q=0.5", "es"),
        (None, None, "fr", "en"),
        (None, "es", "en", "es"),
        ("en", "es", "es", "en"),
        ("xx", "../../etc", "es", "es"),
    ],
)
def test_her_own_choice_comes_first_then_this_browsers(
    own: str | None, cookie: str | None, browser: str | None, language: str
) -> None:
    headers = {"Cookie": f"{i18n.LANGUAGE_COOKIE}={cookie}"} if cookie else {}
    headers |= {"Accept-Language": browser} if browser else {}
    with make_app().test_request_context("/", headers=headers):
        g.locale = own
        assert i18n.page_lang() == language


def test_sentences_are_said_in_spanish_with_their_numbers() -> None:
    with make_app().test_request_context("/", headers={"Accept-Language": "es"}):
        assert gettext("Leave this page") == "Salir de aquí"
        assert ngettext("%(num)d notice", "%(num)d notices", 1) == "1 aviso"
        assert ngettext("%(num)d notice", "%(num)d notices", 3) == "3 avisos"
        assert gettext("a sentence nobody translated") == "a sentence nobody translated"


def test_every_sentence_of_the_web_room_is_there_in_spanish() -> None:
    assert i18n.missing_translations("web") == []


def test_a_sentence_that_is_missing_is_found(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "PACKAGE", tmp_path)
    monkeypatch.setattr(i18n, "TEMPLATES", tmp_path)
    room = tmp_path / "room"  # type: ignore[operator]  # a Path
    room.mkdir()
    (room / "forms.py").write_text('x = _l("Nobody put this into Spanish")\ny = _("Save this")\n')
    (room / "show.html").write_text('{{ ngettext("%(num)d odd thing", "%(num)d odd things", n) }}')
    assert i18n.missing_translations("room") == ["%(num)d odd thing", "Nobody put this into Spanish"]


def test_a_page_says_its_language_and_direction(web_app: Flask) -> None:
    page = web_app.test_client().get("/patterns/", headers={"Accept-Language": "es"}).text
    assert '<html lang="es" dir="ltr"' in page
