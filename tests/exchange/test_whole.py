"""Everything taken along: read back by a script that knows nothing of us, and what stayed closed is said."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from flask import Flask
from sqlalchemy import func, select

from shelter.cli.leave_command import export_agency_command
from shelter.clients.models import Client
from shelter.crypto import outgoing, totp
from shelter.crypto.errors import Unopenable
from shelter.db import Base, db
from shelter.db.roll import current_roll
from shelter.exchange.whole import contents, export_agency
from shelter.files import store
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.stewards.kit_member import kit_as_actor
from shelter.trail.models import Trail, TrailSubject
from tests.exchange.test_import_command import typed
from tests.factories.agency import World
from tests.factories.clients import client_id, named
from tests.factories.documents import file_rows, picture, stored
from tests.stewards.test_backups import sheet
from tests.support.read_leaving import opened, read

PRIVATE = bytes(range(32))
PUBLIC = X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(prefix: str, raw: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    data = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    spread = [*(ord(one) >> 5 for one in prefix), 0, *(ord(one) & 31 for one in prefix)]
    check = outgoing._polymod([*spread, *data, *[0] * 6]) ^ 1
    tail = [check >> 5 * (5 - at) & 31 for at in range(6)]
    return f"{prefix}1{''.join(LETTERS[one] for one in data + tail)}"


RECIPIENT, IDENTITY = bech32("age", PUBLIC), bech32("age-secret-key-", PRIVATE).upper()


@pytest.fixture
def furnished(world: World) -> World:
    code = named(world, "Oksana Melnyk", "Xana", called="Oksana")
    stored(world, code, picture(size=(40, 40)))
    return world


def taken(world: World, tmp_path: Path, *others: Any) -> tuple[Any, Any]:
    path = tmp_path / "everything.age"
    with path.open("wb") as target:
        done = export_agency(world.actor("steward"), others, target, PUBLIC)
    return done, read(path, IDENTITY)


def test_the_kit_beside_a_steward_opens_everything_and_a_stranger_reads_it(
    app: Flask, furnished: World, tmp_path: Path
) -> None:
    path = tmp_path / "everything.age"
    result = run(app, furnished, path, kit=True)
    assert result.exit_code == 0, result.output
    assert "Not opened" not in result.output
    assert path.stat().st_mode & 0o077 == 0
    assert b"Melnyk" not in path.read_bytes()
    script = Path(__file__).parents[1] / "support" / "read_leaving.py"
    command = [sys.executable, "-I", str(script), str(path), IDENTITY]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=tmp_path).stdout)
    manifest = found["manifest"]
    for table in contents.taken_along():
        name, rows = str(table.name), found["tables"][str(table.name)]
        assert len(rows) == manifest["rows"][name]
        there = db.session.scalar(select(func.count()).select_from(table))
        assert len(rows) <= (there or 0), "later links of the trail apart, as many as in the database"
        assert len(rows) == there or name.startswith("trail")
        assert {*rows[0]} == {*found["columns"][name]} if rows else True
    for name, states in manifest["sections"].items():
        assert {*states} <= {"opened", "empty"}, name
        lines = found["sections"][name]
        assert len(lines) == states.get("opened", 0)
        schema = found["schemas"].get(name, {}).get("schema")
        fields = schema["$defs"][schema["$ref"].rpartition("/")[2]]["properties"] if schema else None
        assert fields is None or all({*line["value"]} <= {*fields} for line in lines), name
    (client,) = found["tables"]["client"]
    (identity,) = [one for one in found["sections"]["client.identity"] if one["id"] == client["id"]]
    assert identity["value"]["legal_name"] == "Oksana Melnyk"
    assert "legal_name" in found["schemas"]["client.identity"]["schema"]["$defs"]["Identity"]["properties"]
    (stored_file,) = file_rows()
    raw = base64.b64decode(found["files"][stored_file.id.hex()])
    (about,) = found["sections"]["file.about"]
    assert len(raw) == about["value"]["size"]
    assert raw.startswith(b"\xff\xd8"), "the picture itself"


def run(
    app: Flask, world: World, path: Path, *, kit: bool = False, colleague: str = "", as_: str = "steward"
) -> Result:
    def lines(who: str) -> tuple[str, str]:
        member = world.members[who]
        return member.passphrase, totp.code_at(member.totp_secret, time.time())

    with ExitStack() as stack:
        mine = stack.enter_context(typed(*lines(as_)))
        arguments = [str(path), "--to", RECIPIENT, "--as", world.members[as_].sign_in_name]
        arguments += ["--passphrase-fd", str(mine)]
        if colleague:
            hers = stack.enter_context(typed(*lines(colleague)))
            arguments += ["--with", world.members[colleague].sign_in_name, "--with-fd", str(hers)]
        if kit:
            here = stack.enter_context(typed(sheet(world)))
            arguments += ["--kit-fd", str(here)]
        result = app.test_cli_runner().invoke(export_agency_command, arguments, env={"LANG": "en_US.UTF-8"})
    db.session.rollback()
    return result


def test_what_two_people_do_not_hold_is_counted_and_named(app: Flask, furnished: World, tmp_path: Path) -> None:
    path = tmp_path / "some.age"
    result = run(app, furnished, path, colleague="desk")
    assert result.exit_code == 0, result.output
    assert "Not opened: 1 of client.identity" in result.output
    assert "Not opened: 1 of files" in result.output
    assert "the recovery kit, opens what is closed" in result.output
    found = read(path, IDENTITY)
    (line,) = found["sections"]["client.identity"]
    assert line["not_opened"] == "no-key"
    assert [one["why"] for one in found["manifest"]["files_not_opened"]] == ["no-key"]
    (card,) = found["sections"]["client.desk_card"]
    assert card["value"]["working_name"] == "Oksana", "the desk's own compartment is open"


def test_one_person_alone_or_no_steward_takes_nothing(app: Flask, furnished: World, tmp_path: Path) -> None:
    alone = run(app, furnished, tmp_path / "alone.age")
    assert "Two people" in alone.output
    twice = run(app, furnished, tmp_path / "twice.age", colleague="steward")
    assert twice.exit_code
    boss = run(app, furnished, tmp_path / "boss.age", as_="supervisor", colleague="caseworker")
    assert "Your role does not" in boss.output
    assert not list(tmp_path.glob("*.age"))
    with pytest.raises(Denied):
        export_agency(furnished.actor("director"), [furnished.actor("steward")], io.BytesIO(), PUBLIC)
    with pytest.raises(Broken):
        export_agency(furnished.actor("steward"), [furnished.actor("steward")], io.BytesIO(), PUBLIC)


def test_everybody_in_it_is_in_the_trail_before_a_byte_leaves(furnished: World, monkeypatch: Any) -> None:
    seen: list[int] = []

    class Target(io.BytesIO):
        def write(self, data: Any) -> int:
            seen.append(
                db.session.query(TrailSubject)
                .join(Trail, Trail.seq == TrailSubject.seq)
                .filter(Trail.act == "agency:export")
                .count()
            )
            return super().write(data)

    export_agency(furnished.actor("steward"), [furnished.actor("supervisor")], Target(), PUBLIC)
    assert seen[0] == db.session.query(Client).count() == 1


def test_a_spoiled_section_and_a_lost_file_hurt_no_neighbour(furnished: World, tmp_path: Path) -> None:
    other = db.session.get(Client, client_id(named(furnished, "Two", called="Two")))
    first = db.session.query(Client).filter(Client.id != other.id).one()
    other.identity, other.identity_version = first.identity, first.identity_version
    db.session.commit()
    store.delete(file_rows()[0].id)
    kit = kit_as_actor(furnished.kit, current_roll())
    done, found = taken(furnished, tmp_path, kit)
    assert done.sections["client.identity"] == {"opened": 1, "refused": 1}
    assert done.closed == {"client.identity": 1}
    assert found["manifest"]["files_not_opened"][0]["why"] == "spoiled or gone"


def test_an_export_that_fails_cannot_be_taken_for_a_whole_one(furnished: World, monkeypatch: Any) -> None:
    def fails(*_: Any) -> None:
        raise RuntimeError

    target = io.BytesIO()
    monkeypatch.setattr("shelter.exchange.whole.writing._Writing._details", fails)
    with pytest.raises(RuntimeError):
        export_agency(furnished.actor("steward"), [furnished.actor("supervisor")], target, PUBLIC)
    with pytest.raises(InvalidTag):
        opened(target.getvalue(), IDENTITY)


def test_nothing_is_left_out_without_a_reason() -> None:
    assert set(contents.LEFT_OUT) <= {str(one) for one in Base.metadata.tables}
    assert all(contents.LEFT_OUT.values())


@pytest.mark.parametrize("size", [0, 1, outgoing.CHUNK - 1, outgoing.CHUNK, outgoing.CHUNK + 1, 3 * outgoing.CHUNK])
def test_the_sealed_file_opens_by_the_age_page_alone(size: int) -> None:
    target, content = io.BytesIO(), os.urandom(size)
    sealed = outgoing.Outgoing(target, outgoing.read_recipient(RECIPIENT))
    for start in range(0, size, 50_000):
        sealed.write(content[start : start + 50_000])
    sealed.finish()
    raw = target.getvalue()
    assert opened(raw, IDENTITY) == content
    for wrong in (raw[:-1], raw[:40] + bytes([raw[40] ^ 1]) + raw[41:], raw + b"x"):
        with pytest.raises((InvalidTag, AssertionError, ValueError)):
            opened(wrong, IDENTITY)


@pytest.mark.parametrize(
    "text", ["", "age1", RECIPIENT[:-1], RECIPIENT[:-1] + "q", RECIPIENT.replace("age", "agf"), "ssh-ed25519 AAAA",
             RECIPIENT[:20] + ("q" if RECIPIENT[20] != "q" else "p") + RECIPIENT[21:], bech32("age", PUBLIC + b"x")],
)  # fmt: skip
def test_a_recipient_with_a_wrong_letter_is_refused(text: str) -> None:
    with pytest.raises(Unopenable):
        outgoing.read_recipient(text)


def test_a_recipient_is_read_in_either_case() -> None:
    assert outgoing.read_recipient(RECIPIENT) == outgoing.read_recipient(RECIPIENT.upper()) == PUBLIC
