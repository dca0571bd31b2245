"""Her own file to take along: whoever may open a part seals it with its scans, and a stranger's tool reads it back."""

import io
import os
import re
import tracemalloc
from collections.abc import Callable

import pikepdf
import pytest
import pyzipper

from shelter.auditing import queries as auditing
from shelter.clients.actions import merge, undo_merge
from shelter.clients.queries import agency_today
from shelter.files import handing, packing, queries, store
from shelter.files.actions import AddFile, add
from shelter.files.checking import portions
from shelter.files.handing import archive, volumes
from shelter.legal.actions import add_file
from shelter.legal.commands import AddLegalFile
from shelter.policy.acts import Act
from shelter.releases import actions as releases
from shelter.releases.actions import Sign, Signed, Which
from shelter.rules.broken import Broken
from shelter.web.typeset import encrypted
from tests.factories import clients, legal
from tests.factories.agency import World
from tests.factories.clients import Desk, save_names
from tests.factories.documents import pdf, picture, stored
from tests.factories.releases import asked
from tests.files.test_routes import acts_about
from tests.support.pdftext import words_of

Sign_in = Callable[[str], Desk]
WORDS = "tres barcos en el mar abierto"


def members(sent: bytes, words: str = WORDS) -> dict[str, bytes]:
    with pyzipper.AESZipFile(io.BytesIO(sent)) as archive:
        archive.setpassword(words.encode())
        assert all(one.flag_bits & 1 and one.wz_aes_strength == 3 for one in archive.infolist())
        return {one.filename: archive.read(one.filename) for one in archive.infolist()}


def sealed(who: Desk, place: str, words: str = WORDS, **more: str) -> bytes:
    answer = who.post(place, lang="es", whose="own", passphrase=words, **{"what": "archive", "handed": ""} | more)
    assert answer.status_code == 200, answer.text
    return answer.data


def test_a_strangers_tool_reads_back_the_file_her_scans_and_her_signature(
    world: World, desk: Sign_in, code: str
) -> None:
    rosa = desk("caseworker")
    save_names(world.actor("caseworker"), code, "Xiomara Baldomar")
    scan, letter = picture("PNG"), pdf(2)
    kept = stored(world, code, scan, label="Xiomara's passport")
    stored(world, code, letter, label="the signed lease")
    add(world.actor("caseworker"), AddFile(code, "the bruise", picture("JPEG"), evidence=True))
    release = asked(world, code)
    signed = Sign(Which(code, release, 1), "self", Signed("X. B.", "drawn", [[10, 20, 30, 40]]), True)
    releases.sign(world.actor("caseworker"), signed)
    shown = rosa.get(f"/people/{code}/files/{kept.hex()}/download").data
    answer = rosa.post(
        f"/people/{code}/files/take-along", what="archive", lang="es", whose="own", passphrase=WORDS, handed=""
    )
    assert "Xiomara" not in str(answer.headers)
    assert not any(clear in answer.data for clear in (shown[100:160], b"Xiomara", b"passport", b"%PDF"))
    found = members(answer.data)
    assert list(found) == ["file.pdf", "scan-1.png", "scan-2.pdf", "scan-3.jpg", "signed-1.svg", "SHA256SUMS"]
    assert (found["scan-1.png"], found["scan-2.pdf"]) == (shown, letter)
    assert b"M10 20 L30 40" in found["signed-1.svg"]
    said = words_of(found["file.pdf"])
    for words in ("Su nombre", "Xiomara Baldomar", "scan-1.png", "the signed lease"):
        assert words in said
    with pytest.raises(RuntimeError):
        members(answer.data, "another passphrase")


def test_legal_staff_seal_their_part_and_neither_holds_the_other(world: World, desk: Sign_in) -> None:
    hers = legal.make_client(world, advocates=("advocate",))
    matter = legal.make_matter(world, hers)
    notice = picture("PNG")
    add_file(world.actor("advocate"), AddLegalFile(hers.code, matter, "the RFE", None, notice))
    stored(world, hers.code, pdf(3))
    place = f"/people/{hers.code}/files/take-along"
    counsel, rosa = desk("advocate"), desk("caseworker")
    theirs, ours = members(sealed(counsel, f"{place}/legal")), members(sealed(rosa, place))
    assert list(theirs) == ["file.pdf", "legal-1.png", "SHA256SUMS"]
    assert list(ours) == ["file.pdf", "scan-1.pdf", "SHA256SUMS"]
    assert "the RFE" in words_of(theirs["file.pdf"])
    assert "the RFE" not in words_of(ours["file.pdf"])
    assert counsel.get(place).status_code == rosa.get(f"{place}/legal").status_code == 403
    for who in ("desk", "director", "auditor"):
        somebody = desk(who)
        assert somebody.get(place).status_code == somebody.get(f"{place}/legal").status_code == 403, who
    assert desk("caseworker_two").get(place).status_code == 404


def test_it_opens_with_the_words_she_is_handed_and_not_with_short_ones(world: World, desk: Sign_in, code: str) -> None:
    rosa, place = desk("caseworker"), f"/people/{code}/files/take-along"
    handed = re.search(r'<strong class="drawn">([^<]+)</strong>', rosa.get(place).text)
    assert handed
    assert len(handed[1].split()) == 6
    assert handed[1] not in rosa.get(place).text
    answer = rosa.post(place, what="archive", lang="en", whose="handed", passphrase="", handed=handed[1])
    assert "file.pdf" in members(answer.data, handed[1])
    short = rosa.post(place, what="archive", lang="en", whose="own", passphrase="fifteen letters", handed=handed[1])
    assert short.status_code == 422
    assert handed[1] in short.text
    alone = sealed(rosa, place, what="pdf")
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(alone))
    with pikepdf.open(io.BytesIO(alone), password=WORDS) as document:
        assert len(document.pages) >= 1


@pytest.mark.parametrize("what", ["archive", "pdf"])
@pytest.mark.parametrize(
    ("whose", "passphrase", "handed"),
    [("own", "", WORDS), ("own", " " * 20, WORDS), ("handed", WORDS, ""), ("handed", WORDS, "fifteen letters")],
)
def test_nothing_is_sealed_under_no_words_or_few(
    world: World, desk: Sign_in, code: str, what: str, whose: str, passphrase: str, handed: str
) -> None:
    rosa, before = desk("caseworker"), acts_about(code).count("clients:copy")
    place = f"/people/{code}/files/take-along"
    answer = rosa.post(place, what=what, lang="en", whose=whose, passphrase=passphrase, handed=handed)
    assert answer.status_code == 422
    assert 'id="passphrase-error"' in answer.text
    assert "Choose at least sixteen characters" in answer.text
    assert acts_about(code).count("clients:copy") == before


@pytest.mark.parametrize("words", ["", "fifteen letters", " " * 20])
def test_what_seals_refuses_weak_words_whatever_a_form_lets_through(words: str) -> None:
    with pytest.raises(Broken, match="passphrase-short"):
        packing.packed([("file.pdf", lambda: [b"%PDF-"])], words)
    with pytest.raises(Broken, match="passphrase-short"):
        encrypted(pdf(1), words)


def test_that_it_was_given_and_each_scan_in_it_are_written_down_first(world: World, desk: Sign_in, code: str) -> None:
    stored(world, code, picture())
    stored(world, code, pdf())
    rosa = desk("caseworker")
    before = len(acts_about(code))
    place = f"/people/{code}/files/take-along"
    answer = rosa.post(place, what="archive", lang="en", whose="own", passphrase=WORDS, handed="")
    assert answer.status_code == 200
    assert {"clients:copy", "papers:read"} <= set(acts_about(code)[before:])
    _, links = auditing.colleague(world.actor("auditor"), world.members["caseworker"].id, agency_today())
    named = {link.detail.values["file"] for link in links.shown if link.detail and "file" in link.detail.values}
    assert named == {one.code for one in queries.of_client(world.actor("caseworker"), code)[1]}


def test_a_scan_that_does_not_open_is_named_and_she_gets_all_the_others(world: World, desk: Sign_in, code: str) -> None:
    spoiled, letter = stored(world, code, picture("PNG")), pdf(2)
    stored(world, code, letter)
    store.put(spoiled, [bytes(400)])
    found = members(sealed(desk("caseworker"), f"/people/{code}/files/take-along"))
    assert list(found)[1:3] == ["scan-1.png.txt", "scan-2.pdf"]
    assert "no se abre" in found["scan-1.png.txt"].decode()
    assert found["scan-2.pdf"] == letter


def test_what_is_too_much_for_one_archive_leaves_in_several_and_nothing_is_left_out(
    world: World, desk: Sign_in, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [pdf(pages) for pages in (2, 3, 4, 5)]
    for document in sent:
        stored(world, code, document)
    monkeypatch.setattr(handing, "VOLUME", len(sent[2]) + len(sent[3]) - 1)
    place, rosa = f"/people/{code}/files/take-along", desk("caseworker")
    asked = rosa.get(place).text
    found: dict[str, bytes] = {}
    number = 1
    while number == 1 or f'value="archive-{number}"' in asked:
        one = members(sealed(rosa, place, what="archive" if number == 1 else f"archive-{number}"))
        assert ("file.pdf" in one) == (number == 1)
        assert sum(map(len, one.values())) < packing.MOST
        found |= {name: content for name, content in one.items() if name.startswith("scan-")}
        number += 1
    assert number > 2
    assert [found[f"scan-{n}.pdf"] for n in range(1, 5)] == sent
    late = rosa.post(place, what="archive-9", lang="en", whose="own", passphrase=WORDS, handed="")
    assert late.status_code == 422
    answer = rosa.post(place, what="archive-2", lang="en", whose="own", passphrase=WORDS, handed="")
    assert f"{code}-2.zip" in answer.headers["Content-Disposition"]


def test_what_is_too_large_is_said_in_a_sentence(
    world: World, desk: Sign_in, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(world, code, picture())
    monkeypatch.setattr(packing, "MOST", 1000)
    place = f"/people/{code}/files/take-along"
    rosa = desk("caseworker")
    answer = rosa.post(place, what="archive", lang="en", whose="own", passphrase=WORDS, handed="")
    assert answer.status_code == 422
    assert "too large for one archive" in answer.text


def test_a_large_scan_is_never_in_memory_as_a_whole(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.Root.Kept = document.make_stream(os.urandom(24 << 20))
    document.save(out)
    stored(world, code, out.getvalue())
    size = out.tell()
    del document, out
    tracemalloc.start()
    try:
        (beside,) = volumes(world.actor("caseworker"), code, Act.CLIENTS_COPY)
        sent = archive(b"%PDF-", beside, WORDS, "")
        length = sum(len(part) for part in portions(sent))
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert length > size
    assert peak < size / 2


def test_the_scans_of_a_merged_record_leave_with_her_file_under_either_code(world: World, desk: Sign_in) -> None:
    kept, gone = clients.named(world, "Analyn Reyes"), clients.named(world, "Ana Lyn Reyes")
    ours, theirs = pdf(2), pdf(3)
    stored(world, kept, ours, label="her lease")
    stored(world, gone, theirs, label="her first school")
    merge(world.actor("supervisor"), gone, kept)
    rosa, names = desk("caseworker"), {"file.pdf", "scan-1.pdf", f"{gone}-scan-1.pdf", "SHA256SUMS"}
    for code in (kept, gone):
        found = members(sealed(rosa, f"/people/{code}/files/take-along"))
        assert set(found) == names
        assert (found["scan-1.pdf"], found[f"{gone}-scan-1.pdf"]) == (ours, theirs)
        said = words_of(found["file.pdf"])
        for words in ("Analyn Reyes", "Ana Lyn Reyes", "her lease", "her first school", f"{gone}-scan-1.pdf"):
            assert words in said, (code, words)
        shown = rosa.get(f"/people/{code}/own-file").text
        assert "her lease" in shown
        assert "her first school" in shown
    undo_merge(world.actor("supervisor"), gone)
    assert set(members(sealed(rosa, f"/people/{kept}/files/take-along"))) == {"file.pdf", "scan-1.pdf", "SHA256SUMS"}
