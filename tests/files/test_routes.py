"""Files through the pages: sent, seen, kept as a copy; who may, with which headers, and what is written down."""

import io
import re
import tempfile
from collections.abc import Callable

import pikepdf
import pytest
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from shelter.auditing import queries as auditing
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.files import queries
from shelter.files.checking import most_bytes
from shelter.trail.models import Trail, TrailSubject
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import file_rows, noisy_pdf, pdf, picture, stored
from tests.support import multipart
from tests.support.watching import Watch

Sign = Callable[[str], Desk]
SAME = {"Sec-Fetch-Site": "same-origin"}
IMAGE = SAME | {"Sec-Fetch-Dest": "image"}
LINK = SAME | {"Sec-Fetch-Dest": "document"}


def send(who: Desk, code: str, content: bytes, name: str = "IMG_0001.HEIC", label: str = "page one") -> TestResponse:
    place = f"/people/{code}/files/new"
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', who.get(place).text)
    assert token is not None
    body = multipart.form(content, name, csrf_token=token[1], label=label)
    return who.browser.post(place, data=body, content_type=multipart.CONTENT_TYPE)


def url_of(code: str, file_id: bytes, ending: str = "") -> str:
    return f"/people/{code}/files/{file_id.hex()}{ending}"


def acts_about(code: str) -> list[str]:
    db.session.rollback()
    query = select(Trail.act).join(TrailSubject, TrailSubject.seq == Trail.seq).order_by(Trail.seq)
    return list(db.session.scalars(query.where(TrailSubject.client_id == clients.client_id(code))))


def test_a_photograph_is_sent_seen_and_kept_as_a_copy(desk: Sign, code: str) -> None:
    rosa = desk("caseworker")
    answer = send(rosa, code, picture())
    assert answer.status_code == 302
    shown = rosa.get(answer.headers["Location"])
    assert shown.status_code == 200
    assert "page one" in shown.text
    (row,) = file_rows()
    assert f'src="{url_of(code, row.id, "/content")}"' in shown.text
    seen = rosa.browser.get(url_of(code, row.id, "/content"), headers=IMAGE)
    assert seen.status_code == 200
    assert seen.mimetype == "image/jpeg"
    assert seen.data.startswith(b"\xff\xd8\xff")
    assert rosa.browser.get(url_of(code, row.id, "/download"), headers=LINK).data == seen.data
    assert "page one" in rosa.get(f"/people/{code}/files").text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"GIF89a" + bytes(50), "not a JPEG, PNG, HEIC or PDF"),
        (picture()[:900], "damaged"),
        (pdf(encryption=pikepdf.Encryption(user="a", owner="b")), "locked with a password"),
        (pdf(501), "more than 500 pages"),
    ],
    ids=["empty", "kind", "cut", "locked", "long"],
)
def test_what_cannot_be_taken_is_said_beside_the_question_and_the_words_stay(
    desk: Sign, code: str, content: bytes, words: str
) -> None:
    answer = send(desk("caseworker"), code, content, name="passport.jpg", label="the page she likes")
    assert answer.status_code == 422
    assert words in answer.text
    assert "the page she likes" in answer.text
    assert answer.text.index('id="file-error"') < answer.text.index('type="file"')
    assert file_rows() == []


def test_a_file_over_the_limit_is_refused_before_it_is_taken_in(desk: Sign, code: str) -> None:
    answer = send(desk("caseworker"), code, bytes(most_bytes() + 1))
    assert answer.status_code == 413
    assert "too large" in answer.text
    assert file_rows() == []


@pytest.mark.parametrize("ending", ["/content", "/download"])
def test_a_file_leaves_as_something_to_keep_that_can_do_nothing(
    world: World, desk: Sign, code: str, ending: str
) -> None:
    file_id = stored(world, code, picture("PNG"), label="Rosalinda's passport")
    answer = desk("caseworker").browser.get(url_of(code, file_id, ending))
    said = answer.headers
    assert said["Content-Disposition"].startswith(f'attachment; filename="{code} picture.png"')
    assert said["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert said["X-Content-Type-Options"] == "nosniff"
    assert said["Cache-Control"] == "no-store"
    assert said["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.mimetype == "image/png"
    assert "Rosalinda" not in str(said)


@pytest.mark.parametrize(
    "headers",
    [
        SAME | {"Sec-Fetch-Dest": "document"},
        SAME | {"Sec-Fetch-Dest": "iframe"},
        SAME | {"Sec-Fetch-Dest": "script"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Dest": "image"},
    ],
    ids=["tab", "frame", "script", "other site", "other host"],
)
def test_a_picture_is_given_to_our_own_page_alone(world: World, desk: Sign, code: str, headers: dict[str, str]) -> None:
    file_id = stored(world, code, picture())
    rosa = desk("caseworker")
    assert rosa.browser.get(url_of(code, file_id, "/content"), headers=headers).status_code == 403
    assert rosa.browser.get(url_of(code, file_id, "/content"), headers=IMAGE).status_code == 200


@pytest.mark.parametrize("use", ["image", "iframe", "embed", "object", "script", "style", "audio"])
def test_a_copy_is_kept_by_a_person_and_never_loaded_into_a_page(world: World, desk: Sign, code: str, use: str) -> None:
    file_id = stored(world, code, pdf())
    rosa = desk("caseworker")
    place = url_of(code, file_id, "/download")
    assert rosa.browser.get(place, headers=SAME | {"Sec-Fetch-Dest": use}).status_code == 403
    assert rosa.browser.get(place, headers=LINK).status_code == 200


def test_a_pdf_is_never_shown_in_the_page_and_says_when_it_can_do_something(
    world: World, desk: Sign, code: str
) -> None:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    document.save(out)
    plain, running = stored(world, code, pdf()), stored(world, code, out.getvalue())
    rosa = desk("caseworker")
    for file_id in (plain, running):
        assert "<img" not in rosa.get(url_of(code, file_id)).text
        assert rosa.browser.get(url_of(code, file_id, "/content"), headers=IMAGE).status_code == 404
    assert "can run or open by itself" in rosa.get(url_of(code, running)).text
    assert "can run or open by itself" not in rosa.get(url_of(code, plain)).text


REACH = {
    "caseworker": 200,
    "supervisor": 200,
    "advocate": 200,
    "legal_supervisor": 200,
    "caseworker_two": 404,
    "stranger": 404,
    "desk": 403,
    "volunteer": 403,
    "director": 403,
    "preparer": 403,
    "auditor": 403,
    "administrator": 403,
    "steward": 403,
}


def test_who_reaches_a_file(world: World, desk: Sign, code: str) -> None:
    file_id = stored(world, code, picture())
    pages = [url_of(code, file_id, ending) for ending in ("", "/content", "/download")]
    pages += [f"/people/{code}/files", f"/people/{code}/files/new"]
    for who, status in REACH.items():
        somebody = desk(who)
        assert {url: somebody.get(url).status_code for url in pages} == dict.fromkeys(pages, status), who


def test_an_unknown_file_and_one_of_another_client_are_the_same_nothing(world: World, desk: Sign, code: str) -> None:
    other = clients.begin(world)
    file_id = stored(world, other, picture())
    rosa = desk("caseworker")
    for ending in ("", "/content", "/download"):
        wrong = rosa.get(url_of(code, file_id, ending))
        unknown = rosa.get(url_of(code, bytes(16), ending))
        assert (wrong.status_code, wrong.data) == (404, unknown.data)


@pytest.mark.parametrize("ending", ["", "/content", "/download"])
def test_each_look_is_written_down_before_the_first_byte_leaves(
    world: World, desk: Sign, code: str, ending: str
) -> None:
    file_id = stored(world, code, picture())
    rosa = desk("caseworker")
    before = acts_about(code)
    answer = rosa.browser.get(url_of(code, file_id, ending), buffered=False)
    assert "papers:read" in acts_about(code)[len(before) :]  # nothing of the body was asked for yet
    assert answer.data


def test_which_small_pictures_a_page_showed_is_named_in_one_line_that_the_auditor_reads(
    world: World, desk: Sign, code: str
) -> None:
    sent = [stored(world, code, picture(size=(64 + number, 64))) for number in range(3)]
    stored(world, code, pdf())
    desk("caseworker").get(f"/people/{code}/files")
    staff = world.members["caseworker"].id
    _, links = auditing.colleague(world.actor("auditor"), staff, agency_today())
    named = [link.detail.values["pictures"] for link in links.shown if link.detail and "pictures" in link.detail.values]
    codes = sorted(one.code for one in queries.of_client(world.actor("caseworker"), code)[1] if one.id in sent)
    assert named == [codes]


@pytest.mark.parametrize("ending", ["", "/content", "/download"])
def test_nothing_leaves_when_it_cannot_be_written_down(world: World, desk: Sign, code: str, ending: str) -> None:
    file_id = stored(world, code, picture())
    rosa = desk("caseworker")
    rosa.browser.application.config["PROPAGATE_EXCEPTIONS"] = False
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE trail RENAME TO trail_gone"))
    answer = rosa.get(url_of(code, file_id, ending))
    assert answer.status_code == 500
    assert b"\xff\xd8\xff" not in answer.data
    assert "page one" not in answer.text


@pytest.mark.parametrize("ending", ["/content", "/download"])
def test_a_spoiled_file_is_a_page_that_says_so(world: World, desk: Sign, code: str, ending: str) -> None:
    one, other = stored(world, code, picture()), stored(world, clients.begin(world), picture())
    paths = [deployment().files / each.hex()[:2] / each.hex() for each in (one, other)]
    paths[0].write_bytes(paths[1].read_bytes())
    before = acts_about(code)
    answer = desk("caseworker").get(url_of(code, one, ending))
    assert answer.status_code == 500
    assert "cannot be opened" in answer.text
    assert b"\xff\xd8\xff" not in answer.data
    assert "refused:seal" in acts_about(code)[len(before) :]


@pytest.mark.parametrize("kind", ["pdf", "picture"])
def test_an_upload_is_on_no_disk_in_clear_at_any_moment(
    desk: Sign, code: str, kind: str, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over 1 MB, which the framework would spool to a temporary file; for Python's own there is no folder at all."""
    temporary = tmp_path_factory.mktemp("temporary")
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary / "not there"))
    with pytest.raises(FileNotFoundError):
        tempfile.mkstemp()
    rosa = desk("caseworker")
    content = noisy_pdf(1_500_000) if kind == "pdf" else picture("PNG", (900, 700))
    assert len(content) > 1_000_000
    watch = Watch(temporary, deployment().folder)
    with watch.on():
        assert send(rosa, code, content).status_code == 302
        shown = rosa.browser.get(url_of(code, file_rows()[0].id, "/download"), headers=LINK).data
    assert [path for path in watch.seen if path.startswith(str(temporary))] == []
    needles = [content[at : at + 24] for at in range(2_000, len(content) - 24, 50_021)]
    needles += [shown[at : at + 24] for at in range(2_000, len(shown) - 24, 50_021)]
    read = [each for states in watch.seen.values() for each in states]
    assert any(len(each) > 1_000_000 for each in read)
    assert not [needle for needle in needles for each in read if needle in each]
