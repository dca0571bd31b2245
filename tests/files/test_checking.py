"""What may come in: judged by content, written anew, and nothing hostile raises anything but a plain no."""

import io
import resource
import struct
import subprocess
import sys
import zlib
from contextlib import suppress

import pikepdf
import pillow_heif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from shelter.files.checking import Checked, check
from shelter.rules.broken import Broken
from tests.factories.documents import pdf, picture
from tests.support.databases import ROOT

PLACE = (37.7749, -122.4194)
GPS, MAKER, ORIENTATION = 0x8825, 0x010F, 0x0112


def whole(checked: Checked) -> bytes:
    checked.content.seek(0)
    return checked.content.read()


def opened(checked: Checked) -> Image.Image:
    return Image.open(io.BytesIO(whole(checked)))


def refused(raw: bytes) -> str:
    with pytest.raises(Broken) as no:
        check(raw)
    assert no.value.field == "file"
    return no.value.message_key


def tagged(kind: str, size: tuple[int, int] = (40, 20), orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[MAKER] = "PhoneMaker-Secret"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (37.0, 46.0, 29.64), 3: "W", 4: (122.0, 25.0, 9.84)})
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_stays_the_same_picture(kind: str) -> None:
    raw = picture(kind)
    checked = check(raw)
    before, after = Image.open(io.BytesIO(raw)), opened(checked)
    assert (after.format, after.size) == (kind, before.size)
    near = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
    assert sum(near) / len(near) < (12 if kind == "JPEG" else 0.1)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_sort_of_png_is_taken_and_keeps_its_size(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (31, 17)).save(out, "PNG")
    assert opened(check(out.getvalue())).size == (31, 17)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_of_the_camera_or_the_place_stays(kind: str) -> None:
    raw = tagged(kind)
    assert Image.open(io.BytesIO(raw)).getexif().get_ifd(GPS)
    checked = check(raw)
    assert b"PhoneMaker" in raw
    assert b"PhoneMaker" not in whole(checked)
    assert b"Exif" not in whole(checked)
    assert b"eXIf" not in whole(checked)
    after = opened(checked)
    after.load()
    assert not dict(after.getexif())
    assert set(after.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_comments_profiles_and_texts_do_not_stay() -> None:
    jpeg = picture("JPEG", comment=b"her street", icc_profile=b"profile of a phone" * 20)
    text = Image.new("RGB", (9, 9))
    from PIL.PngImagePlugin import PngInfo

    info, out = PngInfo(), io.BytesIO()
    info.add_text("Comment", "her street")
    info.add_itxt("XML:com.adobe.xmp", "<x>her street</x>")
    text.save(out, "PNG", pnginfo=info)
    for raw in (jpeg, out.getvalue()):
        assert b"her street" in raw
        assert b"her street" not in whole(check(raw))
        assert b"profile of a phone" not in whole(check(raw))


AS_SEEN = {
    1: [],
    2: [Image.Transpose.FLIP_LEFT_RIGHT],
    3: [Image.Transpose.ROTATE_180],
    4: [Image.Transpose.FLIP_TOP_BOTTOM],
    5: [Image.Transpose.TRANSPOSE],
    6: [Image.Transpose.ROTATE_90],
    7: [Image.Transpose.TRANSVERSE],
    8: [Image.Transpose.ROTATE_270],
}
"""How a telephone has stored what was seen upright, for each orientation of EXIF (TIFF 6.0, tag 274)."""


def page() -> Image.Image:
    """Four fields of their own brightness: no turn of it looks like another."""
    seen = Image.new("RGB", (160, 96))
    for at, grey in enumerate((20, 90, 160, 230)):
        seen.paste((grey, grey, grey), (80 * (at % 2), 48 * (at // 2), 80 * (at % 2) + 80, 48 * (at // 2) + 48))
    return seen


@pytest.mark.parametrize("orientation", AS_SEEN)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "HEIF"])
def test_a_photograph_is_turned_upright_once_however_the_telephone_was_held(kind: str, orientation: int) -> None:
    """What it shows, its small picture too; a HEIC turns by itself, and is not turned again by what stands beside."""
    pillow_heif.register_heif_opener(thumbnails=False)
    exif, out, turned = Image.Exif(), io.BytesIO(), page()
    exif[ORIENTATION] = orientation
    for turn in AS_SEEN[orientation]:
        turned = turned.transpose(turn)
    turned.save(out, kind, exif=exif.tobytes(), quality=95)
    checked = check(out.getvalue())
    for shown in (opened(checked), Image.open(io.BytesIO(checked.thumbnail))):
        assert shown.size == (160, 96)
        fields = [shown.convert("L").getpixel((40 + 80 * (at % 2), 24 + 48 * (at // 2))) for at in range(4)]
        assert [round(int(str(grey)) / 70) for grey in fields] == [0, 1, 2, 3]


def test_the_small_picture_that_a_camera_put_inside_does_not_stay() -> None:
    """A thumbnail inside may show what was cut off the picture, and a second frame what was taken beside it."""
    small, out = io.BytesIO(), io.BytesIO()
    Image.effect_noise((64, 48), 60).save(small, "JPEG")
    inside, exif = small.getvalue(), Image.Exif()
    exif[MAKER] = "PhoneMaker-Secret"
    page().save(out, "JPEG", exif=exif.tobytes() + inside)
    frames = io.BytesIO()
    page().save(frames, "MPO", save_all=True, append_images=[Image.effect_noise((160, 96), 90).convert("RGB")])
    assert inside in out.getvalue()
    checked = check(out.getvalue())
    assert inside[-60:-20] not in whole(checked) + checked.thumbnail
    both = check(frames.getvalue())
    assert (both.media, getattr(opened(both), "n_frames", 1)) == ("image/jpeg", 1)
    assert both.size < len(frames.getvalue()) / 2


@pytest.mark.parametrize("tail", [b"PK\x03\x04" + b"z" * 900, b"<script>alert(1)</script>", b"%PDF-1.7 %%EOF"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_hangs_behind_a_picture_is_cut_off(kind: str, tail: bytes) -> None:
    checked = check(picture(kind) + tail)
    assert tail not in whole(checked)
    assert checked.media == f"image/{kind.lower()}"


def test_a_kind_is_what_the_bytes_say() -> None:
    for raw in (b"GIF89a" + bytes(99), b"<svg xmlns='x'><script/></svg>", b"PK\x03\x04" + bytes(99), b"MZ" + bytes(99)):
        assert refused(raw) == "files.unknown-kind"
    assert refused(b"\xff\xd8\xff" + b"not a picture") == "files.damaged"
    assert refused(b"\x89PNG\r\n\x1a\n" + pdf()) == "files.damaged"


def test_an_empty_file_is_said() -> None:
    assert refused(b"") == "files.empty"


@given(cut=st.floats(min_value=0.02, max_value=0.97))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "PDF"])
def test_a_file_that_was_cut_off_is_never_half_taken(kind: str, cut: float) -> None:
    raw = pdf(3) if kind == "PDF" else _PICTURES[kind]
    assert refused(raw[: max(12, int(len(raw) * cut))]) in ("files.damaged", "files.unknown-kind")


_PICTURES = {kind: picture(kind) for kind in ("JPEG", "PNG")}
_WHOLE = [*_PICTURES.values(), tagged("JPEG"), tagged("PNG"), pdf(), pdf(2, linearize=True)]


@given(
    raw=st.sampled_from(_WHOLE), at=st.floats(0, 1), into=st.binary(min_size=1, max_size=40), drop=st.integers(0, 30)
)
def test_a_damaged_file_is_taken_or_refused_and_nothing_else(raw: bytes, at: float, into: bytes, drop: int) -> None:
    place = int(at * len(raw))
    with suppress(Broken):
        checked = check(raw[:place] + into + raw[place + drop :])
        assert checked.media in ("image/jpeg", "image/png", "application/pdf")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("side", [8_000, 30_000, 60_000])
def test_a_picture_that_would_swell_is_refused_from_its_head(side: int) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refused(bomb) == "files.too-many-pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KiB


def with_action(**entries: object) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    page = document.add_blank_page()
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=pikepdf.Dictionary(**entries))
    page.obj.Annots = pikepdf.Array([link])
    document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def with_root(**entries: object) -> bytes:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    for name, value in entries.items():
        document.Root[f"/{name}"] = value
    document.save(out)
    return out.getvalue()


RUN = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize(
    "raw",
    [
        with_root(OpenAction=RUN),
        with_root(AA=pikepdf.Dictionary(WC=RUN)),
        with_root(Names=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", RUN])))),
        with_root(Names=pikepdf.Dictionary(EmbeddedFiles=pikepdf.Dictionary(Names=pikepdf.Array([])))),
        with_root(AcroForm=pikepdf.Dictionary(XFA=pikepdf.Array([]))),
        with_action(S=pikepdf.Name.Launch, F="calc.exe"),
        with_action(S=pikepdf.Name.SubmitForm, F="http://192.0.2.1/"),
        with_action(S=pikepdf.Name.GoToR, F="other.pdf"),
    ],
    ids=["opening", "additional", "named", "attached", "xfa", "launch", "submit", "other file"],
)
def test_a_pdf_that_can_do_something_is_marked(raw: bytes) -> None:
    assert check(raw).active_content


def test_a_plain_pdf_is_kept_to_the_byte_and_not_marked() -> None:
    plain = with_root(OpenAction=pikepdf.Array([0, pikepdf.Name.Fit]))
    for raw in (pdf(4), plain, pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate)):
        checked = check(raw)
        assert (checked.media, whole(checked), checked.active_content) == ("application/pdf", raw, False)


def test_a_locked_pdf_and_one_with_a_tail_are_said() -> None:
    assert refused(pdf(encryption=pikepdf.Encryption(user="a", owner="b"))) == "files.locked-pdf"
    assert refused(pdf() + b"PK\x03\x04" + bytes(5_000)) == "files.damaged"
    assert refused(b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF") == "files.damaged"
    assert refused(pdf(501)) == "files.too-many-pages"


SWELLS = """
import resource, sys, zlib
from shelter.files.checking import check
packer, body = zlib.compressobj(9), b"1 0 [] "
packed = packer.compress(body) + b"".join(packer.compress(b" " * 2**20) for _ in range(1024)) + packer.flush()
out, places = b"%PDF-1.7\\n", {}
def put(number, text):
    global out
    places[number] = len(out)
    out += b"%d 0 obj " % number + text + b" endobj\\n"
head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>> stream\\n" % len(packed)
put(5, head + packed + b"\\nendstream")
put(2, b"<</Type/Catalog/Pages 3 0 R/X 1 0 R>>")
put(3, b"<</Type/Pages/Kids[4 0 R]/Count 1>>")
put(4, b"<</Type/Page/Parent 3 0 R/MediaBox[0 0 9 9]>>")
row = lambda sort, place, last: bytes([sort]) + place.to_bytes(4, "big") + last.to_bytes(2, "big")
rows = row(0, 0, 65535) + row(2, 5, 0) + b"".join(row(1, places[n], 0) for n in (2, 3, 4, 5)) + row(1, len(out), 0)
at = len(out)
out += b"6 0 obj <</Type/XRef/Size 7/W[1 4 2]/Root 2 0 R/Length %d>> stream\\n" % len(rows)
out += rows + b"\\nendstream endobj\\nstartxref\\n%d\\n%%%%EOF\\n" % at
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(check(out).active_content, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_a_gigabyte_packed_into_a_pdf_is_not_unpacked_and_marks_it() -> None:
    said = subprocess.run([sys.executable, "-c", SWELLS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    marked, grown = said.split()
    assert marked == "True"
    assert int(grown) < 200  # MiB
