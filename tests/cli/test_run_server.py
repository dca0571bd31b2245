"""`make run` from nothing: ready with an agency, says who can sign in, keeps everything, ends as it should."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.support.calendars import by_ical, by_icalendar
from tests.support.command import Running, Visitor, running
from tests.support.smuggling import SMUGGLED, answers, raw

pytestmark = pytest.mark.slow


def seconds_of_children() -> float:
    """CPU that ended child processes have used, the timer and workers among them."""
    times = os.times()
    return times.children_user + times.children_system


def a_picture(visitor: Visitor) -> str:
    """The address of a picture of the fictional agency, found through its pages."""
    for place in dict.fromkeys(re.findall(r'href="(/people/[^/"]+/papers/[0-9a-f]{32})"', visitor.get("/papers")[1])):
        if file := re.search(r'href="(/people/[^/"]+/files/[0-9a-f]{32})"', visitor.get(place)[1]):
            return f"{file[1]}/content"
    raise AssertionError("no paper of the fictional agency has a picture")


def a_calendar(visitor: Visitor) -> str:
    """The address that an advocate makes for her phone, as the screen shows it once."""
    made = visitor.post("/matters/calendar", visitor.token("/matters/calendar"))[1]
    found = re.search(r"/calendar/([\w-]{43})\.ics", made)
    assert found is not None
    return found[1]


def nothing_of_a_fetch_is_written(server: Running, folder: Path) -> None:
    """No fetch of a phone, good, wrong or broken off, leaves its address or whose machine it was in a log or a file."""
    accounts, advocate = server.accounts(), Visitor(server.url)
    advocate.sign_in(server.who_is("legal_advocate"), accounts[server.who_is("legal_advocate")])
    key, phone = a_calendar(advocate), Visitor(server.url)
    status, text = phone.get(f"/calendar/{key}.ics")
    assert status == 200
    assert by_icalendar(text) == by_ical(text) != []
    assert phone.get(f"/calendar/{'A' * 43}.ics")[0] == 404
    for line in (f"GET /calendar/{key}.ics", f"GET /calendar/{key}.ics HTTP/9.9", f"G;T /calendar/{key}.ics HTTP/1.1"):
        assert "HTTP/1.1 400" in raw(server.url, f"{line}\r\nHost: localhost\r\n\r\n")
    assert "HTTP/1.1 400" in raw(server.url, f"GET /x HTTP/1.1\r\nHost: localhost\r\nB d/{key}: x\r\n\r\n")
    raw(server.url, f"GET /calendar/{key}.ics HTTP/1.1\r\nHost: localhost\r\n\r\n", reads=False)
    written = server.log
    assert "Invalid request" in written, "that something was refused is worth a line"
    for told in (key, "AAAAAAAA", "/calendar", "127.0.0.1", "GET"):
        assert told not in written, told
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if key.encode() in path.read_bytes()] == []


@pytest.mark.timeout(900)
def test_the_first_start_makes_an_agency_that_a_second_start_keeps(tmp_path: Path) -> None:
    folder, before = tmp_path / "data", seconds_of_children()
    with running(folder) as first:
        accounts = first.accounts()
        for name, passphrase in accounts.items():
            assert re.search(rf"{re.escape(name)} .*{re.escape(passphrase)}", first.said)
        assert "fictional" in first.said
        visitor = Visitor(first.url)
        who = first.who_is("caseworker")
        signing_in = visitor.get("/sign-in")[1]
        assert "fictional" in signing_in
        status, today = visitor.sign_in(who, accounts[who])
        assert (status, "fictional" in today) == (200, True)
        for what, (heads, body) in SMUGGLED.items():
            statuses = answers(first.url, heads, body)
            assert statuses, what
            assert all(status >= 400 for status in statuses), f"{what}: what hides behind the end is not answered"
        code = re.search(r'href="/people/([^/"]+)"', visitor.get("/people")[1])
        assert code is not None
        for _ in range(6):  # whichever worker answers: it was forked before the store of files was first asked
            assert visitor.content(a_picture(visitor)).startswith(b"\xff\xd8\xff")
        nothing_of_a_fetch_is_written(first, folder)
    assert first.process.returncode == 0
    with running(folder) as second:
        assert "Making" not in second.said
        visitor = Visitor(second.url)
        visitor.sign_in(who, accounts[who])
        assert visitor.get(f"/people/{code[1]}")[0] == 200
        second.process.send_signal(signal.SIGINT)
        end = time.monotonic() + 20
        while second.process.poll() is None and time.monotonic() < end:
            time.sleep(0.05)
        assert second.process.returncode == 0
    read_by_others = [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]
    assert read_by_others == []
    assert seconds_of_children() - before < 60, "the fictional agency is to be ready within a minute on two cores"
