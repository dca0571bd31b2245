"""The store: a folder or an S3-compatible one, away, full, or with things in it that belong to nothing."""

import errno
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from shelter.cli.doctor import examine
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.files import orphans, queries, store
from shelter.files.queries import Away, Spoiled
from shelter.rules.broken import Broken
from shelter.trail.models import Trail
from shelter.trail.record import commit_refusals
from tests.factories.agency import World
from tests.factories.documents import file_rows, noisy_pdf, picture, stored
from tests.support.s3_server import S3Server


def noise(size: int) -> bytes:
    return picture("PNG", (size, size))


def read_back(world: World, code: str, file_id: bytes) -> bytes:
    return b"".join(queries.content(world.actor("caseworker"), code, file_id)[1])


def test_a_file_goes_to_the_object_store_in_parts_and_comes_back(world: World, code: str, remote: S3Server) -> None:
    content = noise(1500)
    assert len(content) > 5 * 1024 * 1024
    file_id = stored(world, code, content)
    assert list(remote.objects) == [f"vault/sealed/{store.name_of(file_id)}"]
    assert remote.uploads == {}
    assert read_back(world, code, file_id).startswith(b"\x89PNG")
    lying = next(iter(remote.objects.values()))[0]
    assert content[5_000:5_032] not in lying
    assert not (deployment().files / store.name_of(file_id)).exists()
    assert remote.unsigned == 0


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_store_that_goes_away_in_the_middle_leaves_nothing_and_says_so(
    world: World, code: str, remote: S3Server, after: int
) -> None:
    remote.fail_after = after
    with pytest.raises(Broken, match="store-away"):
        stored(world, code, noise(200))
    assert file_rows() == []
    assert remote.objects == {}
    remote.fail_after = None
    assert read_back(world, code, stored(world, code, noise(300)))


@pytest.mark.parametrize("size", [2_000_000, 9_000_000], ids=["opened at once", "proved first"])
def test_a_store_that_hangs_up_in_the_middle_of_a_file_gives_nothing_of_it(
    world: World, code: str, remote: S3Server, size: int
) -> None:
    """Neither half a picture nor a word that the file is spoiled: it is whole when the store is back."""
    file_id = stored(world, code, noisy_pdf(size))
    remote.cut_after = 900_000
    with pytest.raises(Away):
        read_back(world, code, file_id)
    commit_refusals(world.actor("caseworker"))
    assert "refused:seal" not in set(db.session.scalars(select(Trail.act)))
    remote.cut_after = remote.fail_after = None
    assert read_back(world, code, file_id).endswith(b"%%EOF\n")


def test_what_lies_in_a_store_that_is_away_is_not_called_spoiled(world: World, code: str, remote: S3Server) -> None:
    file_id = stored(world, code, picture())
    remote.fail_after = 0
    with pytest.raises(Away):
        read_back(world, code, file_id)
    remote.fail_after = None
    remote.objects.clear()
    with pytest.raises(Spoiled):
        read_back(world, code, file_id)


def test_orphans_in_the_object_store_are_found_and_cleaned(world: World, code: str, remote: S3Server) -> None:
    file_id = stored(world, code, picture())
    old = datetime.now(UTC) - timedelta(days=2)
    remote.objects["vault/sealed/aa/" + "aa" * 16] = (b"x", old)
    remote.objects["vault/sealed/bb/" + "bb" * 16] = (b"x", datetime.now(UTC))
    remote.objects["vault/another/aa"] = (b"x", old)
    found = orphans.look()
    assert (found.stored, found.missing, found.orphans) == (3, 0, ["aa/" + "aa" * 16])
    orphans.clean(found)
    assert orphans.look().orphans == []
    assert len(remote.objects) == 3
    assert read_back(world, code, file_id)


def old(path: Path, days: int = 2) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    past = time.time() - days * 86400
    os.utime(path, (past, past))
    return path


def test_doctor_finds_what_belongs_to_nothing_and_what_is_gone(world: World, code: str) -> None:
    kept, gone = stored(world, code, picture()), stored(world, code, noise(40))
    orphan = old(deployment().files / "aa" / ("aa" * 16))
    begun = old(deployment().files / "bb" / ("bb" * 16 + "#1"))
    young = old(deployment().files / "cc" / ("cc" * 16), days=0)
    (deployment().files / store.name_of(gone)).unlink()
    said = [finding.what for finding in examine() if finding.bad]
    assert "1 files are gone from the store." in said
    assert "2 stored files belong to nothing." in said
    orphans.clean(orphans.look())
    assert [path.exists() for path in (orphan, begun, young)] == [False, False, True]
    assert (deployment().files / store.name_of(kept)).exists()
    assert len(file_rows()) == 2, "a backup may bring the file back"


def test_a_full_disk_is_said_and_nothing_stays(world: World, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(store, "_flush", full)
    with pytest.raises(Broken, match="no-room"):
        stored(world, code, picture())
    assert file_rows() == []
    assert not [path for path in deployment().files.rglob("*") if path.is_file()]
