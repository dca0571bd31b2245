"""Sealed files at rest: what lies on the disk, what is refused, and nothing half stored."""

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import select, text

from shelter.clients import scope
from shelter.db import db
from shelter.db.deployment import deployment
from shelter.db.errors import Missing
from shelter.files import actions, queries
from shelter.files.actions import AddFile
from shelter.files.arriving import arriving
from shelter.files.queries import Spoiled
from shelter.policy.acts import Act
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.trail.models import Trail
from shelter.trail.record import commit_refusals, recorded
from tests.factories import clients
from tests.factories.agency import World
from tests.factories.documents import file_rows, pdf, picture, stored


def blobs() -> dict[str, bytes]:
    folder = deployment().files
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def path_of(file_id: bytes) -> Path:
    return deployment().files / file_id.hex()[:2] / file_id.hex()


def last_act() -> str:
    return db.session.scalars(select(Trail.act).order_by(Trail.seq.desc())).first() or ""


@pytest.mark.parametrize("content", [picture("JPEG"), picture("PNG"), pdf(3)], ids=["jpeg", "png", "pdf"])
def test_a_file_comes_back_as_it_was_sealed(world: World, code: str, content: bytes) -> None:
    file_id = stored(world, code, content, label="passport, page one")
    for reader in ("caseworker", "advocate", "supervisor"):
        view, parts = queries.content(world.actor(reader), code, file_id)
        whole = b"".join(parts)
        assert hashlib.sha256(whole).hexdigest() == view.digest
        assert (view.label, view.size) == ("passport, page one", len(whole))
    if view.media != "image/jpeg":
        assert len(whole) == len(content)


def test_a_file_of_many_chunks_comes_back(world: World, code: str) -> None:
    content = picture("PNG", (900, 700))
    assert len(content) > 64 * 1024 * 4
    _, parts = queries.content(world.actor("caseworker"), code, stored(world, code, content))
    whole = b"".join(parts)
    assert whole.startswith(b"\x89PNG")
    assert whole.endswith(b"IEND\xaeB`\x82")


def test_nothing_of_a_file_is_readable_at_rest(world: World, code: str) -> None:
    file_id = stored(world, code, picture("PNG", (500, 400)), label="Rosalinda Quintanilla, passport")
    _, parts = queries.content(world.actor("caseworker"), code, file_id)
    whole = b"".join(parts)
    kept = blobs()
    assert list(kept) == [f"{file_id.hex()[:2]}/{file_id.hex()}"]
    lying = b"".join(kept.values())
    row = file_rows()[0]
    lying += row.about or b""
    assert not [at for at in range(0, len(whole) - 16, 997) if whole[at : at + 16] in lying]
    assert b"Rosalinda" not in lying
    assert b"image/" not in lying
    assert b"\x89PNG\r\n\x1a\n" not in lying  # three letters alone stand in so many sealed bytes by chance


def test_two_copies_of_one_picture_do_not_look_alike_at_rest(world: World, code: str) -> None:
    content = picture()
    stored(world, code, content)
    stored(world, clients.begin(world), content)
    one, other = blobs().values()
    assert {one[at : at + 16] for at in range(0, len(one) - 16, 16)}.isdisjoint(
        other[at : at + 16] for at in range(0, len(other) - 16, 16)
    )


class TestRefusal:
    """What lies in the store is not what was put there: nothing comes out, and it is written down."""

    def refused(self, world: World, code: str, file_id: bytes) -> None:
        with pytest.raises(Spoiled):
            queries.content(world.actor("caseworker"), code, file_id)
        commit_refusals(world.actor("caseworker"))  # as every request ends
        assert last_act() == "refused:seal"

    def test_two_files_of_one_client_exchanged(self, world: World, code: str) -> None:
        one, other = stored(world, code, picture()), stored(world, code, picture())
        a, b = path_of(one).read_bytes(), path_of(other).read_bytes()
        path_of(one).write_bytes(b)
        path_of(other).write_bytes(a)
        self.refused(world, code, one)
        self.refused(world, code, other)

    def test_a_file_of_another_client_put_in_its_place(self, world: World, code: str) -> None:
        hers, of_another = stored(world, code, picture()), stored(world, clients.begin(world), picture())
        path_of(hers).write_bytes(path_of(of_another).read_bytes())
        self.refused(world, code, hers)
        queries.content(world.actor("caseworker"), other_code(of_another), of_another)

    def test_a_row_given_to_another_client(self, world: World, code: str) -> None:
        file_id, other = stored(world, code, picture()), clients.begin(world)
        with recorded(None, "attack"):
            db.session.execute(
                text("UPDATE file SET client_id = :to WHERE id = :id"), {"to": clients.client_id(other), "id": file_id}
            )
        db.session.expire_all()
        self.refused(world, other, file_id)
        with pytest.raises(Missing):
            queries.content(world.actor("caseworker"), code, file_id)

    def test_the_words_of_another_file_put_beside_it(self, world: World, code: str) -> None:
        one, other = stored(world, code, picture()), stored(world, code, pdf())
        with recorded(None, "attack"):
            db.session.execute(
                text("UPDATE file SET about = (SELECT about FROM file WHERE id = :other) WHERE id = :one"),
                {"one": one, "other": other},
            )
        db.session.expire_all()
        self.refused(world, code, one)
        _, files = queries.of_client(world.actor("caseworker"), code)
        assert [file.id for file in files] == [other]  # its neighbour is not hurt

    @pytest.mark.parametrize("left", [0, 3, 11, 60, 70_000, -1])
    def test_a_file_cut_off(self, world: World, code: str, left: int) -> None:
        file_id = stored(world, code, picture("PNG", (300, 300)))
        path_of(file_id).write_bytes(path_of(file_id).read_bytes()[:left])
        self.refused(world, code, file_id)

    @pytest.mark.parametrize("at", [0, 2, 5, 20, 50, 70, 65_700, -1])
    def test_one_bit_turned(self, world: World, code: str, at: int) -> None:
        file_id = stored(world, code, picture("PNG", (300, 300)))
        lying = bytearray(path_of(file_id).read_bytes())
        lying[at] ^= 1
        path_of(file_id).write_bytes(lying)
        self.refused(world, code, file_id)

    def test_a_file_that_is_gone(self, world: World, code: str) -> None:
        file_id = stored(world, code, picture())
        path_of(file_id).unlink()
        self.refused(world, code, file_id)


def other_code(file_id: bytes) -> str:
    from shelter.clients.models import Client
    from shelter.files.models import StoredFile

    row = db.session.get(StoredFile, file_id)
    client = db.session.get(Client, row.client_id) if row else None
    assert client is not None
    return client.code


class TestNothingHalfStored:
    def nothing(self) -> None:
        assert file_rows() == []
        assert blobs() == {}

    @pytest.mark.parametrize("who", ["desk", "director", "stranger"])
    def test_when_she_may_not(self, world: World, code: str, who: str) -> None:
        with pytest.raises((Missing, Denied)):
            stored(world, code, picture(), who=who)
        self.nothing()

    @pytest.mark.parametrize("content", [b"", b"GIF89a", picture()[:500]])
    def test_when_it_is_refused(self, world: World, code: str, content: bytes) -> None:
        with pytest.raises(Broken):
            stored(world, code, content)
        self.nothing()

    def test_when_the_trail_cannot_be_written(self, world: World, code: str) -> None:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.execute(text("ALTER TABLE trail RENAME TO trail_gone"))
        with pytest.raises(Exception, match="trail"):
            stored(world, code, picture())
        db.session.rollback()
        self.nothing()

    def test_when_the_store_takes_nothing(self, world: World, code: str) -> None:
        folder = deployment().files
        if folder.exists():
            folder.rmdir()
        folder.write_bytes(b"a file where the folder should be")
        with pytest.raises(Exception, match=r".+"):
            stored(world, code, picture())
        assert file_rows() == []
        folder.unlink()
        assert stored(world, code, picture())

    def test_when_a_larger_act_around_it_fails(self, world: World, code: str) -> None:
        """A feature that stores a file within its own transaction."""
        with pytest.raises(ZeroDivisionError):
            self.put_and_fail(world, code)
        self.nothing()

    def put_and_fail(self, world: World, code: str) -> None:
        actor = world.actor("caseworker")
        with arriving("page", picture()) as file, recorded(actor, Act.PAPERS_WRITE):
            client = scope.get_by_code(actor, Act.PAPERS_READ, code)
            actions.put(actor, client, file)
            assert blobs()
            raise ZeroDivisionError


def test_the_bytes_are_not_shown_where_a_command_is_printed() -> None:
    assert "secret" not in repr(AddFile("K7", "label", b"secret"))
