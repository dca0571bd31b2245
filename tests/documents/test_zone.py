"""Machine-readable lines typed into a paper: seen first, then saved, and only as they were seen."""

import re
from collections.abc import Callable

import pytest

from shelter.documents import actions, queries
from shelter.documents.actions import FillFromZone
from shelter.documents.known import Known
from shelter.rules.broken import Broken
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import CONFISCATED, paper

Sign = Callable[[str], Desk]

LINES = "P<PHLDELA<CRUZ<<MARIVIC<SANTOS<<<<<<<<<<<<<<\nP7731204A1PHL9107234F2903091<<<<<<<<<<<<<<08"
MISREAD = LINES.replace("PHL9107234", "PHL91O7234")
SEEN = LINES.replace("\n", " ")


def sent_back(page: str) -> str:
    """The lines that the page says it has shown."""
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    return found[1].replace("&lt;", "<") if found else ""


def test_what_the_lines_say_is_shown_and_nothing_is_saved_yet(world: World, desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    shown = rosa.post(f"/people/{code}/papers/zone", zone=LINES).text
    for words in ("DELA CRUZ, MARIVIC SANTOS", "P7731204A", "Philippines", "23 July 1991", "9 March 2029"):
        assert words in shown
    assert "All check digits fit" in shown
    assert "The name line has no check digit" in shown
    assert queries.of_client(world.actor("caseworker"), code).papers == ()
    answer = rosa.post(
        f"/people/{code}/papers/zone", zone=LINES, seen=sent_back(shown), then="fill", kind="foreign_passport"
    )
    assert answer.status_code == 302
    (found,) = queries.of_client(world.actor("caseworker"), code).papers
    assert (found.text.number, found.text.country, found.text.kind) == ("P7731204A", "PHL", "foreign_passport")
    assert (found.text.expires, found.text.zone) == (Known(year=2029, month=3, day=9), LINES)


def test_a_misread_letter_is_marked_offered_and_kept_until_she_takes_the_offer(
    world: World, desk: Sign, code: str
) -> None:
    found, rosa = paper(world, code), desk("caseworker")
    place = f"/people/{code}/papers/{found.hex()}/zone"
    shown = rosa.post(place, zone=MISREAD, version="1").text
    assert "Line 2, position 16: “O” cannot stand in the date of birth" in shown
    assert "<mark>O</mark>" in shown
    assert "position 16: 0 instead of O" in shown
    assert sent_back(shown) == MISREAD.replace("\n", " ")
    shown = rosa.post(place, zone=MISREAD, take="2.16.O.0", version="1").text
    assert sent_back(shown) == SEEN
    assert "All check digits fit" in shown


def test_a_date_that_nobody_has_read_yet_stays_out_of_the_paper(world: World, desk: Sign, code: str) -> None:
    """An O in the end of validity may be a nought: until somebody says so, the paper keeps the end that it had."""
    found, rosa = paper(world, code), desk("caseworker")
    place, unread = f"/people/{code}/papers/{found.hex()}/zone", LINES.replace("F2903091", "F29O3091")
    shown = rosa.post(place, zone=unread, version="1").text
    assert "left out until you choose how it reads" in shown
    assert "9 March 2029" not in shown
    assert rosa.post(place, zone=unread, seen=sent_back(shown), then="fill", version="1").status_code == 302
    text = queries.one(world.actor("caseworker"), code, found)[1].text
    assert (text.printed_name, text.expires, text.zone) == (
        "DELA CRUZ, MARIVIC SANTOS",
        CONFISCATED.expires,
        unread,
    )


def test_lines_changed_after_they_were_shown_are_shown_again(world: World, desk: Sign, code: str) -> None:
    found, rosa = paper(world, code), desk("caseworker")
    place = f"/people/{code}/papers/{found.hex()}/zone"
    answer = rosa.post(place, zone=MISREAD, seen=SEEN, then="fill", version="1")
    assert answer.status_code == 200
    assert "cannot stand in the date of birth" in answer.text
    assert queries.one(world.actor("caseworker"), code, found)[1].text.zone == ""


def test_the_paper_takes_what_the_lines_say_and_keeps_the_rest(world: World, desk: Sign, code: str) -> None:
    found, rosa = paper(world, code), desk("caseworker")
    place = f"/people/{code}/papers/{found.hex()}/zone"
    assert rosa.post(place, zone=LINES, seen=SEEN, then="fill", version="1").status_code == 302
    text = queries.one(world.actor("caseworker"), code, found)[1].text
    assert (text.printed_name, text.held_by) == ("DELA CRUZ, MARIVIC SANTOS", CONFISCATED.held_by)
    _, earlier, _ = queries.earlier_versions(world.actor("caseworker"), code, found)
    assert [one.printed_name for one in earlier] == [CONFISCATED.printed_name]
    again = rosa.post(place, zone=LINES, seen=SEEN, then="fill", version="1")
    assert again.status_code == 422
    assert "Somebody changed this paper meanwhile" in again.text
    assert 'name="version" type="hidden" value="2"' in again.text


@pytest.mark.parametrize("text", ["P<PHL", "x", "<script>alert(1)</script>\n<b>", "A" * 400])
def test_lines_that_are_none_are_told_and_fill_nothing(world: World, desk: Sign, code: str, text: str) -> None:
    rosa = desk("caseworker")
    answer = rosa.post(f"/people/{code}/papers/zone", zone=text, then="fill", seen=" ".join(text.split()))
    assert answer.status_code in (200, 422)
    assert "<script>alert(1)" not in answer.text
    with pytest.raises(Broken):
        actions.fill_from_zone(world.actor("caseworker"), FillFromZone(code, text, kind="visa"))
    assert queries.of_client(world.actor("caseworker"), code).papers == ()


def test_a_specimen_is_nobodys_paper(world: World, code: str) -> None:
    specimen = LINES.replace("PHL", "UTO")
    with pytest.raises(Broken, match="zone-specimen"):
        actions.fill_from_zone(world.actor("caseworker"), FillFromZone(code, specimen, kind="foreign_passport"))


def test_who_reaches_the_lines(world: World, desk: Sign, code: str) -> None:
    found = paper(world, code)
    for who, status in {"caseworker": 200, "advocate": 200, "stranger": 404, "desk": 403, "director": 403}.items():
        somebody = desk(who)
        for url in (f"/people/{code}/papers/zone", f"/people/{code}/papers/{found.hex()}/zone"):
            assert somebody.get(url).status_code == status, (who, url)
