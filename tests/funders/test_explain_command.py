"""`explain` at a terminal: rule and records for the preparer, one's own people for those who may see them."""

from __future__ import annotations

import time

import pytest
from click.testing import Result
from flask import Flask

from shelter.cli.explain_command import explain
from shelter.crypto import totp
from shelter.db import db
from tests.exchange.test_import_command import typed
from tests.factories.agency import World
from tests.funders.test_questions import ask, filled

__all__ = ["filled"]
NAMES = ("Ana", "Eva")


def told(app: Flask, world: World, who: str, *number: str) -> Result:
    member = world.members[who]
    db.session.commit()
    with typed(member.passphrase, totp.code_at(member.totp_secret, time.time())) as descriptor:
        arguments = [*number, "--as", member.sign_in_name, "--passphrase-fd", str(descriptor)]
        result = app.test_cli_runner().invoke(explain, arguments, env={"LANG": "en_US.UTF-8"})
    db.session.rollback()
    return result


@pytest.mark.parametrize(
    ("number", "says", "lines"), [(("8", "B9"), "one line that counts it", 5), ((), "people: 2 (2 records)", 100)]
)
def test_a_preparer_reads_rule_and_records_and_nobodys_name(
    app: Flask, world: World, filled: bytes, number: tuple[str, ...], says: str, lines: int
) -> None:
    answer = told(app, world, "preparer", *number)
    assert answer.exit_code == 0, answer.output
    assert says in answer.output
    assert len(answer.output.splitlines()) >= lines
    assert not [name for name in NAMES if name in answer.output]


def test_a_number_that_the_form_has_not_is_said(app: Flask, world: World, filled: bytes) -> None:
    answer = told(app, world, "preparer", "8", "Z9")
    assert (answer.exit_code, "no such number" in answer.output) == (1, True)


@pytest.mark.parametrize(("who", "sees", "not_hers"), [("caseworker", "Ana", "Eva"), ("stranger", "Eva", "Ana")])
def test_who_may_see_people_reads_her_own_and_how_many_are_others(
    app: Flask, world: World, filled: bytes, who: str, sees: str, not_hers: str
) -> None:
    ask(world, filled, "8", "B9")
    output = told(app, world, who).output
    assert sees in output
    assert not_hers not in output
    assert "1 record is of somebody whom you do not see." in output


@pytest.mark.parametrize("who", ["director", "auditor", "desk"])
def test_others_read_neither(app: Flask, world: World, filled: bytes, who: str) -> None:
    ask(world, filled, "8", "B9")
    refused = told(app, world, who)
    assert refused.exit_code == 1
    assert not [name for name in NAMES if name in refused.output]
