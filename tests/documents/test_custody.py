"""The ledger of an original: in one place at a time, only ever added to, and provable without us."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from shelter.clients.queries import agency_today
from shelter.crypto.zipped import SealedZip
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.documents import actions, custody, queries
from shelter.documents.actions import AddLine
from shelter.documents.models import PaperHeld
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.trail.details import details_of
from shelter.trail.models import TrailDetail
from shelter.trail.record import recorded
from tests.factories import documents
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import paper, picture
from tests.stays.test_race import race
from tests.support import check_pack
from tests.support.databases import ROOT
from tests.support.pdftext import words_of

Sign = Callable[[str], Desk]
WORDS = "seven words for counsel alone"
CHECK = ROOT / "tests" / "support" / "check_pack.py"


def add(world: World, code: str, found: bytes, what: str, after: int, by: str = "caseworker", **more: object) -> None:
    said: dict[str, object] = {
        "on": agency_today(),
        "who": "Officer Lund",
        "condition": "cover torn",
        "signed": "M. D.",
    }
    actions.add_line(world.actor(by), AddLine(code, found, after, what, **said | more))  # type: ignore[arg-type]


def ledger(world: World, code: str, found: bytes, who: str = "caseworker") -> queries.Ledger:
    return queries.ledger(world.actor(who), code, found)


@pytest.fixture
def found(world: World, code: str) -> bytes:
    return paper(world, code)


def test_in_lent_back_and_given_back(world: World, code: str, found: bytes) -> None:
    for after, what in enumerate(["taken_in", "moved", "lent", "back", "returned"]):
        add(world, code, found, what, after)
    done = ledger(world, code, found)
    assert [line.what for line in done.lines] == ["taken_in", "moved", "lent", "back", "returned"]
    assert (done.place, done.can, done.holds) == ("away", ("taken_in",), True)
    assert done.paper.text.state == "returned"


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ([], "lent"),
        ([], "returned"),
        (["taken_in"], "taken_in"),
        (["taken_in"], "back"),
        (["taken_in", "lent"], "lent"),
        (["taken_in", "lent"], "returned"),
        (["taken_in", "lent"], "moved"),
        (["taken_in"], "burnt"),
    ],
)
def test_a_paper_is_in_one_place(world: World, code: str, found: bytes, before: list[str], what: str) -> None:
    for after, one in enumerate(before):
        add(world, code, found, one, after)
    with pytest.raises(Broken, match="custody"):
        add(world, code, found, what, len(before))
    assert len(ledger(world, code, found).lines) == len(before)


@pytest.mark.parametrize(
    ("what", "more", "field"),
    [
        ("taken_in", {"who": ""}, "who"),
        ("taken_in", {"condition": ""}, "condition"),
        ("taken_in", {"on": date(2999, 1, 1)}, "on"),
        ("lent", {"signed": ""}, "signed"),
        ("returned", {"signed": ""}, "signed"),
        ("lent", {"on": date(2020, 1, 1)}, "on"),
    ],
)
def test_a_line_says_what_it_must(
    world: World, code: str, found: bytes, what: str, more: dict[str, object], field: str
) -> None:
    if what != "taken_in":
        add(world, code, found, "taken_in", 0)
    with pytest.raises(Broken) as no:
        add(world, code, found, what, 0 if what == "taken_in" else 1, **more)
    assert no.value.field == field


def test_two_people_cannot_add_the_same_line(world: World, code: str, found: bytes) -> None:
    add(world, code, found, "taken_in", 0)
    add(world, code, found, "lent", 1)
    with pytest.raises(Conflict):
        add(world, code, found, "returned", 1)
    row = db.session.scalars(select(PaperHeld)).first()
    assert row
    twin = PaperHeld(paper_id=found, client_id=row.client_id, number=1)
    db.session.add(twin)
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()


def test_of_two_who_take_it_out_at_once_one_has_it(
    app: Flask, world: World, code: str, found: bytes, rounds: Callable[[int, int], int]
) -> None:
    """Both pages showed it in the safe: it is lent out or given back, in the database of whoever came first."""
    add(world, code, found, "taken_in", 0)
    for _ in range(rounds(4, 60)):
        after = len(ledger(world, code, found).lines)
        db.session.commit()  # nothing of this thread is in the way
        told = race(
            app,
            lambda: add(world, code, found, "lent", after),  # noqa: B023  run before the next round
            lambda: add(world, code, found, "returned", after, by="supervisor"),  # noqa: B023
        )
        assert sorted(one.partition("(")[0] for one in told) == ["Conflict", "got it"], told
        db.session.rollback()
        now = ledger(world, code, found)
        assert (len(now.lines), now.holds) == (after + 1, True)
        add(world, code, found, "back" if now.place == "lent" else "taken_in", after + 1)


def test_one_photograph_is_no_proof_of_two_moments(world: World, code: str, found: bytes) -> None:
    taken = picture("JPEG")
    add(world, code, found, "taken_in", 0, photo=taken)
    with pytest.raises(Broken) as no:
        add(world, code, found, "seen", 1, photo=taken)
    assert (no.value.field, no.value.values) == ("file", {"line": 1})
    add(world, code, found, "seen", 1, photo=picture("JPEG"))
    assert len(documents.file_rows()) == 4, "each picture and what was sent beside it, and nothing of the one refused"


def test_a_line_that_is_gone_is_seen(world: World, code: str, found: bytes) -> None:
    for after, what in enumerate(["taken_in", "moved", "seen"]):
        add(world, code, found, what, after)
    with recorded(None, "attack"):
        db.session.execute(delete(PaperHeld).where(PaperHeld.number == 2))
    with pytest.raises(Missing):
        ledger(world, code, found)
    with recorded(None, "attack"):
        db.session.execute(text("UPDATE paper_held SET number = 2 WHERE number = 3"))
    db.session.expire_all()
    assert not ledger(world, code, found).holds


def test_the_pack_is_checked_by_a_script_that_knows_nothing_of_us(
    world: World, desk: Sign, code: str, found: bytes, tmp_path: Path
) -> None:
    sent = picture("JPEG", comment=b"as it came")
    add(world, code, found, "taken_in", 0, photo=sent, bag="B-117", words="two\nlines: one")
    add(world, code, found, "lent", 1, on=agency_today())
    place = f"/people/{code}/papers/{found.hex()}/custody/pack"
    assert desk("caseworker").get(place).status_code == 403
    ruth = desk("advocate")
    for weak in ("", "too short", " " * 20):
        for what in ("archive", "pdf"):
            no = ruth.post(place, what=what, passphrase=weak)
            assert no.status_code == 422
            assert 'id="passphrase-error"' in no.text
    answer = ruth.post(place, what="archive", passphrase=WORDS)
    assert answer.mimetype == "application/zip"
    assert "DELACRUZ" not in answer.headers["Content-Disposition"]
    assert not any(clear in answer.data for clear in (sent[200:260], b"B-117", b"Officer Lund"))
    pack = tmp_path / "pack.zip"
    pack.write_bytes(answer.data)
    assert checked(pack) == (0, "ok")
    assert checked(pack, "another passphrase")[0] != 0
    members = opened_as(pack)
    assert members["line-1.jpg"] == sent
    said = words_of(members["custody.pdf"])
    assert "B-117" in said
    assert "18 U.S.C. 1592" in said
    for name, bad in (("line-1.jpg", sent + b"x"), ("ledger.txt", members["ledger.txt"].replace(b"B-117", b"B-118"))):
        with pack.open("wb") as out:
            forged = SealedZip(out, WORDS)
            for member, content in (members | {name: bad}).items():
                forged.add(member, [content])
            forged.finish()
        assert checked(pack)[0] == 1
    torn = bytearray(answer.data)
    torn[len(torn) // 2] ^= 1
    pack.write_bytes(torn)
    assert checked(pack)[0] != 0
    alone = ruth.post(place, what="pdf", passphrase=WORDS)
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(alone.data))
    with pikepdf.open(io.BytesIO(alone.data), password=WORDS) as document:
        assert len(document.pages) >= 1


def opened_as(pack: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pack) as archive:
        assert all(entry.flag_bits & 1 for entry in archive.infolist())
        return check_pack.opened(archive, str(pack), WORDS)


def checked(pack: Path, passphrase: str = WORDS) -> tuple[int, str]:
    command = [sys.executable, "-I", str(CHECK), str(pack), passphrase]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout.strip()


def test_the_ledger_through_the_pages(world: World, desk: Sign, code: str, found: bytes) -> None:
    rosa, place = desk("caseworker"), f"/people/{code}/papers/{found.hex()}/custody"
    assert "It is not with us" in rosa.get(place).text
    day = agency_today().isoformat()
    sent: dict[str, object] = {"file": (io.BytesIO(picture()), "x.jpg"), "condition": "whole", "bag": "B-2"}
    typed = {"on": day, "who": "<b>her sister</b>", "version": "0"}
    answer = rosa.post(f"{place}/taken_in", **typed, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 302
    shown = rosa.get(place).text
    for words in ("It is in our safe", "&lt;b&gt;her sister&lt;/b&gt;", "B-2", "Its photograph"):
        assert words in shown
    assert "Evidence pack" not in shown
    assert "Evidence pack" in desk("advocate").get(place).text
    again = rosa.post(f"{place}/taken_in", f"{place}/lent", on=day, who="x", condition="y", version="1")
    assert again.status_code == 422
    assert "that cannot come next" in again.text
    old = rosa.post(f"{place}/lent", on=day, who="x", signed="y", version="0")
    assert "Somebody added a line meanwhile" in old.text
    assert rosa.get(f"{place}/back").status_code == 404


def test_who_may(world: World, code: str, found: bytes) -> None:
    for who in ("stranger", "desk", "director", "caseworker_two"):
        with pytest.raises((Missing, Denied)):
            ledger(world, code, found, who)
    with pytest.raises(Denied):
        queries.evidence(world.actor("caseworker"), code, found)


def test_a_drawn_signature_is_in_the_chain_and_a_bad_drawing_is_not_taken(
    world: World, desk: Sign, code: str, found: bytes
) -> None:
    add(world, code, found, "taken_in", 0)
    rosa, place = desk("caseworker"), f"/people/{code}/papers/{found.hex()}/custody"
    typed = {"on": agency_today().isoformat(), "who": "Marivic", "signed": "M. D.", "version": "1"}
    assert "data-signature" in rosa.get(f"{place}/returned").text
    assert rosa.post(f"{place}/returned", drawing="[[9999,1]]", **typed).status_code == 422
    assert rosa.post(f"{place}/returned", drawing="[[10,10,40,60]]", **typed).status_code == 302
    shown = ledger(world, code, found)
    assert shown.lines[-1].strokes == [[10, 10, 40, 60]]
    assert "drawn: [[10,10,40,60]]" in custody.told(2, shown.lines[-1])
    assert "M10 10 L40 60" in rosa.get(place).text


def test_each_look_at_a_file_is_in_the_trail_by_its_code(world: World, desk: Sign, code: str, found: bytes) -> None:
    add(world, code, found, "taken_in", 0, photo=picture("JPEG"))
    rosa, photo = desk("caseworker"), ledger(world, code, found).lines[0].photo
    page = rosa.get(f"/people/{code}/files/{photo.hex()}").text
    rosa.get(f"/people/{code}/files/{photo.hex()}/content")
    named = "-".join(photo.hex()[at : at + 4].upper() for at in (20, 24, 28))
    assert named in page
    auditor = world.actor("auditor")
    seqs = db.session.scalars(select(TrailDetail.seq)).all()
    said = [detail.values for detail in details_of(auditor, seqs).values() if detail]
    assert {"file": named} in said


@pytest.mark.parametrize(("who", "boxes"), [("عائشة الخليل", False), ("Ḿárïa̋ Nguyễn", False), ("Lin \U0010fffd", True)])
def test_the_document_says_where_a_letter_has_no_font(
    world: World, desk: Sign, code: str, found: bytes, who: str, boxes: bool
) -> None:
    """The last one is a letter of nobody's: no font has it, whatever a machine has installed."""
    add(world, code, found, "taken_in", 0, who=who)
    answer = desk("advocate").post(f"/people/{code}/papers/{found.hex()}/custody/pack", what="pdf", passphrase=WORDS)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(answer.data), password=WORDS) as document:
        document.save(out, encryption=False)
    assert ("stand as boxes" in " ".join(words_of(out.getvalue()).split())) is boxes
