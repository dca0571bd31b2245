"""A counselling note is apart by code: whoever may open the rest of the file meets it on no page, print or search."""

import io

import pikepdf
import pytest
from flask import Flask

from shelter.db.errors import Missing
from shelter.emergencies.actions import Break, break_glass
from shelter.notes import queries
from shelter.policy.errors import Denied
from shelter.settings.actions import ChangeSite, change_site
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.notes import sign
from tests.support.pdftext import words_of

SECRET, PASSPHRASE = "heronfeather", "tres barcos en el mar"
PAGES = ("", "/notes/", "/plan/", "/stay", "/releases", "/own-file", "/own-copy", "/own-copy?lang=es")


@pytest.fixture
def code(world: World, code: str) -> str:
    sign(world, code, f"She dreamt of a {SECRET}.", kind="counselling", present_words=SECRET)
    sign(world, code, "A day like others.")
    return code


def _let_in(world: World, way: str, code: str) -> None:
    if way == "open house":
        change_site(
            world.actor("administrator"), ChangeSite(world.sites["north"], "North", "UTC", 12, True, "", "", "", 0)
        )
    else:
        break_glass(world.actor("caseworker_two"), Break(code, "danger", "She called from the station."))


@pytest.mark.parametrize("way", ["open house", "broken glass"])
def test_who_may_open_the_rest_of_the_file_meets_no_word_of_it(app: Flask, world: World, code: str, way: str) -> None:
    _let_in(world, way, code)
    other, place = Desk(app, world, "caseworker_two"), f"/people/{code}"
    for page in PAGES:
        answer = other.get(f"{place}{page}")
        assert answer.status_code in (200, 403), page
        assert SECRET not in answer.text, page
    assert "A day like others." in other.get(f"{place}/notes/").text
    for words in (SECRET, SECRET[:6], "dreamt"):
        assert queries.search(world.actor("caseworker_two"), code, words) == []
    assert SECRET not in other.get("/today/").text
    secret = next(note.id for note in queries.notes(world.actor("caseworker"), code).notes if SECRET in note.words)
    with pytest.raises(Missing):
        queries.note(world.actor("caseworker_two"), code, secret)
    hers = Desk(app, world, "caseworker")
    assert all(SECRET in hers.get(f"{place}{page}").text for page in ("", "/notes/", "/own-file", "/own-copy"))
    with pytest.raises(Denied):
        sign(world, code, "Mine.", who="caseworker_two", kind="counselling")


def test_her_sealed_file_holds_it_from_who_may_read_it_alone(app: Flask, world: World, code: str) -> None:
    _let_in(world, "open house", code)
    said, shown = {}, {}
    for who in ("caseworker", "caseworker_two"):
        at = Desk(app, world, who)
        asked = {"what": "pdf", "lang": "en", "whose": "own", "passphrase": PASSPHRASE, "handed": ""}
        sealed = at.post(f"/people/{code}/files/take-along", **asked)
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(sealed.data), password=PASSPHRASE) as opened:
            opened.save(out, encryption=False)
        said[who] = words_of(out.getvalue())
        shown[who] = at.get(f"/people/{code}/own-file").text
    assert SECRET in said["caseworker"]
    assert SECRET not in said["caseworker_two"]
    assert "Counselling notes" in shown["caseworker_two"]
    assert "Still to be asked" in shown["caseworker_two"]
