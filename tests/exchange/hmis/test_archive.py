"""An archive that is no export, or an attack, changes nothing and says why."""

from __future__ import annotations

import io
import os
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from shelter.exchange.hmis import Limits, open_export
from shelter.rules.broken import Broken
from tests.exchange.hmis.sample import as_folder, as_zip, members, tables


def refusal(path: Path, limits: Limits | None = None) -> str:
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(Broken) as broken:
        open_export(path, limits=limits)
    assert sorted(path.parent.rglob("*")) == before
    return broken.value.message_key


def test_a_zip_and_a_folder_of_the_same_files_read_alike(tmp_path: Path) -> None:
    files = members(tables())
    with (
        open_export(as_zip(tmp_path / "a.zip", files)) as packed,
        open_export(as_folder(tmp_path / "a", files)) as loose,
    ):
        assert packed.files == loose.files
        for file in packed.files:
            assert [row.kept for row in packed.rows(file)] == [row.kept for row in loose.rows(file)]


def test_what_is_not_there_or_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_bytes(b"PersonalID,FirstName\n1,Ana\n")
    (tmp_path / "empty.zip").write_bytes(b"")
    assert refusal(tmp_path / "nothing.zip") == "import.not_found"
    assert refusal(tmp_path / "nul\0.zip") == "import.not_found"
    assert refusal(tmp_path / "text.zip") == "import.not_a_zip"
    assert refusal(tmp_path / "empty.zip") == "import.not_a_zip"
    os.mkfifo(tmp_path / "pipe.zip")
    assert refusal(tmp_path / "pipe.zip") == "import.not_a_file"


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.9, 0.999])
def test_a_cut_archive_is_refused(tmp_path: Path, cut: float) -> None:
    whole = as_zip(tmp_path / "a.zip", members(tables())).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: int(len(whole) * cut)])
    assert refusal(tmp_path / "cut.zip") == "import.broken_zip"


def test_a_flipped_byte_in_the_data_is_refused(tmp_path: Path) -> None:
    whole = bytearray(as_zip(tmp_path / "a.zip", members(tables())).read_bytes())
    whole[whole.index(b"Client.csv") + 25] ^= 0xFF
    (tmp_path / "flipped.zip").write_bytes(whole)
    assert refusal(tmp_path / "flipped.zip") == "import.broken_zip"


@pytest.mark.parametrize("missing", ["Export", "Organization", "Project", "Client", "Enrollment"])
def test_a_missing_file_that_every_export_has_is_refused(tmp_path: Path, missing: str) -> None:
    files = {name: content for name, content in members(tables()).items() if name != f"{missing}.csv"}
    assert refusal(as_zip(tmp_path / "a.zip", files)) == "import.missing_file"


def test_a_missing_file_that_an_export_may_lack_is_noted(tmp_path: Path) -> None:
    with open_export(as_zip(tmp_path / "a.zip", members(tables()))) as export:
        assert ("import.note.missing_file", "Event") in {(n.message_key, n.file) for n in export.notes}


@pytest.mark.parametrize(
    "name",
    [
        "../Client.csv",
        "/Client.csv",
        "x/../../Client.csv",
        "C:/Client.csv",
        "C:Client.csv",
        "..\\Client.csv",
        "\\\\host\\Client.csv",
        "./Client.csv",
        "x//Client.csv",
        "Client.csv\n",
        " /Client.csv",
    ],
)
def test_a_path_in_a_members_name_is_refused(tmp_path: Path, name: str) -> None:
    assert refusal(as_zip(tmp_path / "a.zip", members(tables()) | {name: b"x"})) == "import.bad_member_name"


def test_a_nul_in_a_members_name_is_refused(tmp_path: Path) -> None:
    whole = as_zip(tmp_path / "a.zip", members(tables()) | {"Extra_.csv": b"x"}).read_bytes()
    (tmp_path / "nul.zip").write_bytes(whole.replace(b"Extra_.csv", b"Extra\0.csv"))
    assert refusal(tmp_path / "nul.zip") == "import.bad_member_name"


@pytest.mark.parametrize("name", ["Client.csv", "client.csv", "CLIENT.CSV"])
def test_a_file_given_twice_is_refused(tmp_path: Path, name: str) -> None:
    path = as_zip(tmp_path / "a.zip", members(tables()))
    with warnings.catch_warnings(), zipfile.ZipFile(path, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile warns of the doubled name
        archive.writestr(name, "PersonalID\n1\n")
    assert refusal(path) == "import.member_twice"


def test_a_locked_archive_is_refused(tmp_path: Path) -> None:
    whole = bytearray(as_zip(tmp_path / "a.zip", members(tables())).read_bytes())
    at = whole.index(b"PK\x01\x02")
    whole[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(whole)
    assert refusal(tmp_path / "locked.zip") == "import.encrypted"


def test_an_unusual_compression_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", members(tables()))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("Event.csv", "EventID\n")
    assert refusal(path) == "import.compression"


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = as_zip(tmp_path / "a.zip", members(tables()))
    link = zipfile.ZipInfo("Event.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(path) == "import.link"


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = {f"x{number}.txt": b"" for number in range(30)}
    limits = Limits(members=20)
    assert refusal(as_zip(tmp_path / "a.zip", members(tables()) | many), limits) == "import.too_many_members"
    assert refusal(as_folder(tmp_path / "a", members(tables()) | many), limits) == "import.too_many_members"


def test_a_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    files = members(tables()) | {"Event.csv": b"0" * 40_000_000}
    assert refusal(as_zip(tmp_path / "a.zip", files)) == "import.bomb"
    small = Limits(inflated_bytes=10_000_000)
    assert refusal(as_zip(tmp_path / "b.zip", files), small) == "import.too_large"
    assert refusal(as_folder(tmp_path / "b", files), small) == "import.too_large"
    assert refusal(tmp_path / "a.zip", Limits(archive_bytes=1000)) == "import.archive_too_large"


def test_a_bomb_that_states_a_small_size_is_refused_too(tmp_path: Path) -> None:
    whole = bytearray(as_zip(tmp_path / "a.zip", members(tables()) | {"Event.csv": b"0" * 40_000_000}).read_bytes())
    for size in (struct.pack("<L", 40_000_000),):
        whole = bytearray(bytes(whole).replace(size, struct.pack("<L", 100)))
    (tmp_path / "lying.zip").write_bytes(whole)
    assert refusal(tmp_path / "lying.zip") in {"import.broken_zip", "import.bomb"}


def test_members_that_share_their_bytes_cannot_multiply(tmp_path: Path) -> None:
    """Many names for one stretch of compressed data: the sum counts, whatever the directory says."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("Client.csv", b"0" * 20_000_000)
        entry = archive.filelist[0]
        for number in range(100):
            double = zipfile.ZipInfo(f"x{number}.csv")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "external_attr"):
                setattr(double, name, getattr(entry, name))
            archive.filelist.append(double)
    (tmp_path / "overlap.zip").write_bytes(inner.getvalue())
    assert refusal(tmp_path / "overlap.zip") in {"import.broken_zip", "import.bomb"}


def test_a_huge_list_of_members_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number:040}.csv", b"")
    assert refusal(tmp_path / "many.zip") == "import.too_many_members"


def test_one_folder_around_the_files_is_accepted_and_noted_and_two_are_not(tmp_path: Path) -> None:
    inside = {f"export/{name}": content for name, content in members(tables()).items()}
    with open_export(as_zip(tmp_path / "a.zip", inside)) as export:
        assert "import.note.folder" in {note.message_key for note in export.notes}
    assert refusal(as_zip(tmp_path / "b.zip", inside | {"Event.csv": b"EventID\n"})) == "import.not_flat"
    assert refusal(as_zip(tmp_path / "c.zip", inside | {"old/Event.csv": b"x\n"})) == "import.not_flat"
    deep = {f"a/b/{name}": content for name, content in members(tables()).items()}
    assert refusal(as_zip(tmp_path / "d.zip", deep)) == "import.not_flat"


def test_what_a_mac_or_a_clerk_adds_is_left_alone_and_counted(tmp_path: Path) -> None:
    more = {"__MACOSX/._Client.csv": b"\0", "._Client.csv": b"\0", ".DS_Store": b"", "read me.txt": b"hello"}
    with open_export(as_zip(tmp_path / "a.zip", members(tables()) | more)) as export:
        ignored = [note for note in export.notes if note.message_key == "import.note.ignored"]
    assert [note.values["count"] for note in ignored] == [4]


def test_a_link_out_of_a_folder_is_refused_and_one_inside_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "Event.csv"
    outside.write_text("EventID,EnrollmentID,PersonalID\n")
    folder = as_folder(tmp_path / "a", members(tables()))
    (folder / "Exit.csv").rename(folder / "kept.txt")
    (folder / "Exit.csv").symlink_to("kept.txt")
    with open_export(folder) as export:
        assert len(list(export.rows("Exit"))) == 1
    (folder / "Event.csv").symlink_to(outside)
    assert refusal(folder) == "import.link"
    (folder / "Event.csv").unlink()
    (folder / "Event.csv").symlink_to("nowhere.csv")
    assert refusal(folder) == "import.link"
    (folder / "Event.csv").unlink()
    (folder / "loop").symlink_to(folder)
    assert refusal(folder) == "import.not_a_file"
    (folder / "loop").unlink()
    os.mkfifo(folder / "Event.csv")
    assert refusal(folder) == "import.not_a_file"


def test_a_file_that_changes_between_two_readings_is_noticed(tmp_path: Path) -> None:
    folder = as_folder(tmp_path / "a", members(tables()))
    with open_export(folder) as export:
        text = (folder / "Client.csv").read_bytes()
        (folder / "Client.csv").write_bytes(text.replace(b"Ana", b"Eva"))
        with pytest.raises(Broken, match=r"import\.changed"):
            list(export.rows("Client"))
        (folder / "Client.csv").unlink()
        (folder / "Client.csv").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(Broken, match=r"import\.changed"):
            list(export.rows("Client"))
