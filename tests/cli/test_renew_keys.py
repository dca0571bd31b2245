"""`renew-keys`: in a hurry a member makes and finishes the new keys herself, and what cannot be finished is said."""

from __future__ import annotations

import os
import time
from typing import Any

from flask import Flask
from sqlalchemy import update

from shelter.accounts import actions as accounts
from shelter.crypto import totp
from shelter.db.keystore import KeyDek
from shelter.stewards import actions as stewards
from shelter.stewards import marks, renewing
from tests.factories.agency import World
from tests.factories.clients import begin


def renew(app: Flask, world: World, who: str, later: int = 0) -> str:
    """The command with her passphrase and a fresh code, as from a descriptor."""
    member = world.members[who]
    told, says = os.pipe()
    os.write(says, f"{member.passphrase}\n{totp.code_at(member.totp_secret, time.time() + later)}\n".encode())
    os.close(says)
    done = app.test_cli_runner().invoke(args=["renew-keys", "--as", member.sign_in_name, "--passphrase-fd", str(told)])
    assert done.exit_code == 0, done.output
    return done.output


def test_it_makes_and_finishes_every_key_of_hers_at_once_and_the_second_time_nothing(
    app: Flask, world: World, db: Any
) -> None:
    begin(world)
    gone = world.members["caseworker_two"].id
    accounts.dismiss(world.actor("administrator"), gone)
    stewards.unbind_colleague(world.actor("steward"), gone)
    assert marks.marked()
    db.session.rollback()
    said = renew(app, world, "supervisor")
    assert "stay" not in said
    assert not said.startswith("0 new keys")
    db.session.rollback()
    assert renewing.unfinished(world.actor("supervisor")) == []
    assert not renewing.mine_to_begin(world.actor("supervisor"))
    db.session.rollback()
    assert renew(app, world, "supervisor", 30).startswith("0 new keys, 0 data keys")


def test_a_data_key_that_does_not_open_keeps_its_old_key_and_is_named(app: Flask, world: World, db: Any) -> None:
    begin(world)
    gone = world.members["caseworker_two"].id
    accounts.dismiss(world.actor("administrator"), gone)
    stewards.unbind_colleague(world.actor("steward"), gone)
    one = db.session.query(KeyDek).filter(KeyDek.subject_kind == "client").first()
    whole = one.sealed
    db.session.execute(update(KeyDek).where(KeyDek.id == one.id).values(sealed=whole[:-1] + bytes([whole[-1] ^ 1])))
    db.session.commit()
    assert "1 old keys stay" in renew(app, world, "supervisor")
    db.session.execute(update(KeyDek).where(KeyDek.id == one.id).values(sealed=whole))  # mended from a backup
    db.session.commit()
    assert "stay" not in renew(app, world, "supervisor", 30)
