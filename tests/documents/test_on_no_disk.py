"""What is taken out of the vault: packs, copies and small pictures are made in memory or sealed, by whatever."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from shelter.clients.queries import agency_today
from shelter.db.deployment import deployment
from shelter.documents import actions
from shelter.documents.actions import AddLine, AddScan
from tests.factories import releases
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import noisy_pdf, paper, picture
from tests.support import check_pack
from tests.support.watching import Watch

Sign = Callable[[str], Desk]
WORDS = "seven words for counsel alone"
SAID = b"cover torn by Mr. Orteza"
NAMED = {"items": ("name", "paper_copies"), "papers": ("foreign_passport",), "methods": ("in_person",)}


def needles(content: bytes) -> list[bytes]:
    return [content[at : at + 24] for at in range(2_000, len(content) - 24, 20_021)]


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where libraries, typst's root and the process that draws pages put what they put anywhere."""
    folder = tmp_path_factory.mktemp("temporary")
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_nothing_that_is_taken_out_lies_on_a_disk_in_clear_at_any_moment(
    world: World, desk: Sign, code: str, temporary: Path, tmp_path: Path
) -> None:
    worker, found = world.actor("caseworker"), paper(world, code)
    photo, document, shown = picture(size=(700, 500)), noisy_pdf(600_000), picture("PNG", (500, 400))
    line = AddLine(code, found, 0, "taken_in", agency_today(), who="Officer Lund", condition=SAID.decode(), photo=photo)
    actions.add_line(worker, line)
    scans = [
        actions.add_scan(worker, AddScan(code, found, label, one)) for label, one in (("a", document), ("b", shown))
    ]
    release = releases.live(world, code, **NAMED)
    place = f"/people/{code}/papers/{found.hex()}"
    rosa, ruth = desk("caseworker"), desk("advocate")
    watch = Watch(temporary, deployment().folder)
    with watch.on():
        made = [
            ruth.post(f"{place}/custody/pack", what="archive", passphrase=WORDS),
            ruth.post(f"{place}/custody/pack", what="pdf", passphrase=WORDS),
            *(
                rosa.post(f"{place}/copies/new", scan=scan.hex(), release=release.hex(), method="in_person")
                for scan in scans
            ),
            rosa.get(f"/people/{code}/files"),
            rosa.post(f"/people/{code}/files/take-along", what="archive", lang="en", whose="own", passphrase=WORDS),
        ]
    assert [answer.status_code for answer in made] == [200] * len(made)
    pack, copies = made[0].data, [made[2].data, made[3].data]
    read = [each for states in watch.seen.values() for each in states]
    assert any(len(each) > 100_000 for each in read), "what was watched is where things lie"
    clear = [SAID, *needles(photo), *needles(document), *needles(copies[0]), *needles(copies[1])]
    assert len(clear) > 60
    assert not [one for one in clear for each in read if one in each]
    assert [path for path in watch.seen if path.startswith(str(temporary))] == [], "folders alone, and empty ones"
    (tmp_path / "pack.zip").write_bytes(pack)
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        members = check_pack.opened(archive, str(tmp_path / "pack.zip"), WORDS)
    assert SAID in members["ledger.txt"], "and it is all in what was handed over"
    assert members["line-1.jpg"] == photo
