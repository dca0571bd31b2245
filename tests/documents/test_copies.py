"""A copy leaves only under a live release that names this kind of paper; marked, counted, and written down."""

import hashlib
import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops
from sqlalchemy import select

from shelter.db import db
from shelter.db.errors import Missing
from shelter.documents import actions, queries
from shelter.documents.actions import AddScan, GiveCopy
from shelter.files import drawing, marking
from shelter.files.checking import portions
from shelter.policy.errors import Denied
from shelter.releases.actions import Say, Which, revoke
from shelter.releases.disclosing import REFUSED, NotCovered
from shelter.releases.models import Disclosure
from shelter.rules.broken import Broken
from shelter.trail.models import Trail
from tests.bench.test_vault import peak
from tests.factories import clients, releases
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import paper, pdf, picture

Sign = Callable[[str], Desk]
NAMED = {"items": ("name", "paper_copies"), "papers": ("foreign_passport",), "methods": ("paper", "in_person")}


@pytest.fixture
def found(world: World, code: str) -> bytes:
    return paper(world, code)


def scan_of(world: World, code: str, found: bytes, content: bytes) -> bytes:
    return actions.add_scan(world.actor("caseworker"), AddScan(code, found, "page", content))


def give(world: World, code: str, found: bytes, scan: bytes, release: bytes, *, way: str = "paper") -> bytes:
    command = GiveCopy(code, found, scan, release, way, lambda cover: f"For {cover.organisation} only", "at the door")
    given = actions.give_copy(world.actor("caseworker"), command)
    return b"".join(portions(given.copy))


def left() -> int:
    return len(db.session.scalars(select(Disclosure)).all())


def refused() -> int:
    return len(db.session.scalars(select(Trail).where(Trail.act == REFUSED)).all())


def test_a_copy_is_marked_counted_and_written_down(world: World, code: str, found: bytes) -> None:
    scan = scan_of(world, code, found, picture())
    copy = give(world, code, found, scan, releases.live(world, code, **NAMED))
    [written] = queries.copies(world.actor("caseworker"), code, found)
    assert (written.to, written.method, written.note, written.scan) == (
        "Harbor Legal Aid",
        "paper",
        "at the door",
        scan,
    )
    assert written.digest == hashlib.sha256(copy).hexdigest()
    before, after = (Image.open(io.BytesIO(one)).convert("RGB") for one in (picture(), copy))
    assert after.size == before.size
    assert not after.getexif()
    changed = ImageChops.difference(before, after).convert("L").point(lambda dot: 255 * (dot > 24))
    corners = [(x, y, x + 80, y + 80) for x in range(0, 320 - 79, 80) for y in range(0, 240 - 79, 80)]
    assert all(changed.crop(box).getbbox() for box in corners)  # nowhere can a piece be cut out that is not marked


@pytest.mark.parametrize(
    "terms",
    [
        {**NAMED, "papers": ("i94",)},
        {**NAMED, "items": ("name",), "papers": ()},
        {**NAMED, "items": ("paper_copies",)},
        {**NAMED, "methods": ("phone",)},
    ],
    ids=["another paper", "no copies", "not her name", "another way"],
)
def test_a_release_that_does_not_cover_it_lets_nothing_out(
    world: World, code: str, found: bytes, terms: dict[str, Any]
) -> None:
    scan = scan_of(world, code, found, picture())
    with pytest.raises(NotCovered):
        give(world, code, found, scan, releases.live(world, code, **terms))
    assert (left(), refused()) == (0, 1)


def test_nothing_leaves_unsigned_taken_back_or_under_somebody_elses_release(
    world: World, code: str, found: bytes
) -> None:
    scan, other = scan_of(world, code, found, picture()), clients.begin(world)
    taken_back = releases.live(world, code, **NAMED)
    revoke(world.actor("caseworker"), Say(Which(code, taken_back, 2), ""))
    for release in (releases.asked(world, code, **NAMED), taken_back, releases.live(world, other, **NAMED), bytes(16)):
        with pytest.raises(NotCovered):
            give(world, code, found, scan, release)
    assert (left(), refused()) == (0, 4)


def test_copies_are_agreed_to_with_their_papers_or_not_at_all(world: World, code: str) -> None:
    for terms in ({"papers": ()}, {"items": ("name",)}, {"papers": ("foreign_passport", "no such paper")}):
        with pytest.raises(Broken) as no:
            releases.asked(world, code, **{**NAMED, **terms})
        assert no.value.field == "papers"


def test_only_a_scan_of_this_paper_and_never_what_was_kept_as_evidence(world: World, code: str, found: bytes) -> None:
    release, rosa = releases.live(world, code, **NAMED), world.actor("caseworker")
    other = scan_of(world, code, paper(world, code), picture(size=(90, 90)))
    kept = actions.add_scan(rosa, AddScan(code, found, "page", picture(), evidence=True))
    _card, _view, [shown] = queries.one(rosa, code, found)
    for scan in (other, shown.original, bytes(16)):
        with pytest.raises(Missing):
            give(world, code, found, scan, release)
    assert left() == 0
    assert kept == shown.id


def marked_everywhere(before: Image.Image, after: Image.Image) -> bool:
    """Whether no piece of a thirty-sixth can be cut out that is not marked."""
    piece = max(after.size) // 6
    changed = ImageChops.difference(before.convert("RGB"), after.convert("RGB")).convert("L")
    changed = changed.point(lambda dot: 255 * (dot > 24))
    width, height = after.size
    corners = [(x, y) for x in range(0, width - piece + 1, piece) for y in range(0, height - piece + 1, piece)]
    return all(changed.crop((x, y, x + piece, y + piece)).getbbox() for x, y in corners)


def hostile_pdf() -> tuple[bytes, list[bytes]]:
    """Three pages with all that a PDF may carry, and pieces of it that must not be in a copy."""
    document = pikepdf.new()
    for size in ((612, 792), (842, 595), (200, 300)):
        document.add_blank_page(page_size=size)
    first = document.pages[0]
    noise = picture(size=(200, 200))
    image = document.make_stream(noise, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=200, Height=200)
    image.ColorSpace, image.BitsPerComponent, image.Filter = pikepdf.Name.DeviceRGB, 8, pikepdf.Name.DCTDecode
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    layer = document.make_indirect(
        pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("capa \u00e9 her layer"))
    )
    first.obj.Resources = pikepdf.Dictionary(
        XObject=pikepdf.Dictionary(Im=image),
        Font=pikepdf.Dictionary(F=font),
        Properties=pikepdf.Dictionary(L=layer),
    )
    words = b"/OC /L BDC q 300 0 0 300 50 400 cm /Im Do Q BT /F 24 Tf 60 300 Td (Marivic Delacruz) Tj ET EMC"
    first.obj.Contents = document.make_stream(words)
    document.docinfo["/Author"] = "Marivic"
    document.attachments["notes.txt"] = b"her notes"
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(ON=[layer]))
    out = io.BytesIO()
    document.save(out, compress_streams=False)
    pieces = [b"Marivic", b"her notes", b"app.alert", b"her layer", noise[700:760], words, b"/Font", b"/OCG"]
    return out.getvalue(), pieces


def test_a_pdf_leaves_as_pictures_in_whose_dots_the_mark_stands(
    world: World, code: str, found: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    sent, pieces = hostile_pdf()
    assert all(piece in sent for piece in pieces if piece != b"her layer")
    scan = scan_of(world, code, found, sent)
    copy = give(world, code, found, scan, releases.live(world, code, **NAMED))
    with pikepdf.open(io.BytesIO(copy)) as opened:
        assert [[float(edge) for edge in page.mediabox] for page in opened.pages] == [
            [0, 0, 612, 792],
            [0, 0, 842, 595],
            [0, 0, 200, 300],
        ]
        streams = [part for part in opened.objects if isinstance(part, pikepdf.Stream)]
        assert len(streams) == 2 * len(opened.pages)  # of each page its one picture, and the line that draws it
        assert set(opened.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in opened.trailer
        assert opened.check_pdf_syntax() == []
        for page, before in zip(opened.pages, plain_pages(sent), strict=True):
            assert set(page.obj.keys()) == {"/Type", "/Parent", "/MediaBox", "/Resources", "/Contents"}
            [(_, picture_inside)] = page.obj.Resources.XObject.items()
            assert page.obj.Contents.read_bytes().endswith(b"cm /Page Do")
            after = pikepdf.PdfImage(picture_inside).as_pil_image()
            assert marked_everywhere(before, after)
            assert (ImageChops.difference(before, Image.new("RGB", before.size, "white")).getbbox() is None) == (
                page.index > 0
            )  # what was on the first page is seen on it, before the mark
    assert [piece for piece in pieces if piece in copy] == []
    assert [path for path in tmp_path.rglob("*") if path.is_file() and b"%PDF" in path.read_bytes()] == []


def plain_pages(sent: bytes) -> list[Image.Image]:
    with pikepdf.open(io.BytesIO(sent)) as document:
        return [Image.open(io.BytesIO(png)).convert("RGB") for png, _, _ in drawing.drawn(document)]


def nested(levels: int) -> bytes:
    """A page whose one form draws the next ten times, and so on."""
    document = pikepdf.new()
    document.add_blank_page()
    form = document.make_stream(b"0 0 10 10 re f", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.BBox = pikepdf.Array([0, 0, 612, 792])
    for _ in range(levels):
        inner = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        form = document.make_stream(b"/F Do " * 10, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.BBox, form.Resources = pikepdf.Array([0, 0, 612, 792]), inner
    document.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
    document.pages[0].obj.Contents = document.make_stream(b"/F Do")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def claims(width: int, height: int) -> bytes:
    """A page with a picture that says it is so large."""
    document = pikepdf.new()
    document.add_blank_page()
    image = document.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height)
    image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceGray, 8
    document.pages[0].obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=image))
    document.pages[0].obj.Contents = document.make_stream(b"q 600 0 0 700 0 0 cm /Im Do Q")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def wide() -> bytes:
    out, document = io.BytesIO(), pikepdf.new()
    document.add_blank_page(page_size=(200, 200))
    document.pages[0].obj.MediaBox = pikepdf.Array([0, 0, 10**7, 10**7])
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (nested(9), "files.unmarkable"),
        (claims(60_000, 60_000), "files.unmarkable"),
        (wide(), "files.unmarkable"),
        (pdf(marking.MOST_PAGES + 1), "files.copy-too-long"),
    ],
    ids=["forms in forms", "a picture that says it is huge", "a page of a mile", "too many pages"],
)
def test_what_cannot_be_drawn_within_bounds_is_not_given_out_and_says_so(
    world: World, code: str, found: bytes, monkeypatch: pytest.MonkeyPatch, sent: bytes, why: str
) -> None:
    monkeypatch.setattr(drawing, "MOST_SECONDS", 2)
    scan, release = scan_of(world, code, found, sent), releases.live(world, code, **NAMED)
    with pytest.raises(Broken) as no:
        give(world, code, found, scan, release)
    assert (no.value.message_key, left()) == (why, 0)


def test_the_copy_of_a_long_document_takes_the_memory_of_a_page(world: World, code: str, found: bytes) -> None:
    scan, release = scan_of(world, code, found, pdf(3)), releases.live(world, code, **NAMED)
    give(world, code, found, scan, release)
    long = scan_of(world, code, found, pdf(12))
    with peak() as most:
        give(world, code, found, long, release)
        assert most() < 96


def test_whoever_may_not_gives_nothing_out(world: World, code: str, found: bytes) -> None:
    scan, release = scan_of(world, code, found, pdf()), releases.live(world, code, **NAMED)
    for who in ("stranger", "desk", "director"):
        command = GiveCopy(code, found, scan, release, "paper", lambda cover: "x")
        with pytest.raises((Missing, Denied)):
            actions.give_copy(world.actor(who), command)
    assert left() == 0


def test_through_the_pages(world: World, desk: Sign, code: str, found: bytes) -> None:
    rosa, place = desk("caseworker"), f"/people/{code}/papers/{found.hex()}"
    refused_page = rosa.get(f"{place}/copies/new").text
    assert "Without one nothing leaves" in refused_page
    assert f"/people/{code}/releases/new" in refused_page
    release = releases.live(world, code, **NAMED)
    assert "There is no photograph or scan of this paper yet" in rosa.get(f"{place}/copies/new").text
    scan = scan_of(world, code, found, picture())
    assert "Harbor Legal Aid, Ms. Ortiz" in rosa.get(f"{place}/copies/new").text
    sent = {"scan": scan.hex(), "release": release.hex(), "method": "paper"}
    answer = rosa.post(f"{place}/copies/new", **sent)
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert code in answer.headers["Content-Disposition"]
    shown = rosa.get(place).text
    assert "Copies given out (1)" in shown
    assert "Passport of another country" in rosa.get(f"/people/{code}/releases/{release.hex()}").text
    assert rosa.post(f"{place}/copies/new", **sent | {"release": "0" * 32}).status_code == 422
