"""A real agency begins: one link, one browser, every step in its order, and nothing served before two have opened."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from config import Settings
from shelter.accounts.models import SignedIn, Staff
from shelter.cli.setup_command import who_may_do_what
from shelter.crypto import totp
from shelter.db.agency import the_agency
from shelter.db.deployment import deployment
from shelter.db.keystore import KeyGrant, KeyStatement
from shelter.db.roll import current_roll
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.stewards.founding import NOT_BORN
from shelter.stewards.setup_link import FILE
from tests.accounts.browser import At, another_worker
from tests.accounts.test_colleagues import offered

LINK = re.compile(r"http://localhost:\d+(/setup/[\w-]+)")
GROUP = re.compile(r"<code>([0-9A-Z]{4})</code>")
NAME = re.compile(r"\b([a-z]+-[a-z]+-\d\d)\b")
AGENCY = {"name": "Harbor Group", "site": "Lantern", "zone": "America/Chicago", "night_begins": "19", "exit_url": ""}


class Setup:
    """Somebody who goes through setup in one browser."""

    def __init__(self, app: Flask) -> None:
        self.app, self.at = app, At(app, app.test_client())
        said = app.test_cli_runner().invoke(args=["setup", "--no-serve"])
        assert said.exit_code == 0, said.output
        self.link = LINK.search(said.output).group(1)  # type: ignore[union-attr]
        self.people: list[tuple[str, str, bytes]] = []
        self.sheet: list[str] = []

    def begin(self) -> None:
        assert self.at.post(self.link).status_code == 302
        assert self.at.post("/setup/agency", **AGENCY).status_code == 302

    def founder(self, name: str = "Hannah Osei", **more: str) -> Any:
        offer, drawn, secret = offered(self.at.get("/setup/founder").text)
        code = totp.code_at(secret, self.at.now.timestamp())
        fields = {"offer": offer, "name": name, "working_name": "", "passphrase": drawn, "again": "", "code": code}
        answer = self.at.post("/setup/founder", **(fields | more))
        found = [
            one for one in NAME.findall(self.at.get("/setup/second").text) if one not in {p[0] for p in self.people}
        ]
        self.people += [(found[0], drawn, secret)] if found else []
        return answer

    def keys(self, page: str = "/setup/second") -> None:
        answer = self.at.post("/setup/keys", page)
        assert answer.status_code == 200, answer.text
        self.sheet = GROUP.findall(answer.text)

    def open(self, who: int = 0, **instead: str) -> Any:
        name, passphrase, secret = self.people[who]
        self.at.later(timedelta(minutes=2))
        code = totp.code_at(secret, self.at.now.timestamp())
        return self.at.post("/setup/prove", **({"name": name, "passphrase": passphrase, "code": code} | instead))

    def open_with_kit(self, typed: str = "") -> Any:
        return self.at.post("/setup/prove-kit", "/setup/prove", kit=typed or " ".join(self.sheet[:16]))

    def administrator(self) -> str:
        answer = self.at.post("/setup/administrator", name="Tess Lindqvist", working_name="Tess")
        return re.search(r"(/invitation/[\w-]+)", answer.text).group(1)  # type: ignore[union-attr]

    def finish(self) -> Any:
        return self.at.post("/setup/finish")


@pytest.fixture
def setup(app: Flask, db: Any) -> Setup:
    return Setup(app)


def test_with_one_steward_and_the_kit(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    setup.keys()
    assert len(setup.sheet) == 16 + 21
    assert setup.open().status_code == 302
    assert setup.open_with_kit(" ".join(setup.sheet[:16]).lower()).status_code == 302
    link = setup.administrator()
    assert setup.finish().headers["Location"] == "/sign-in"
    stored = Settings.from_environment({"SHELTER_DATA": str(deployment().folder)})
    assert stored.fingerprint == deployment().fingerprint == current_roll().fingerprint
    assert not stored.fictional
    assert the_agency().ready  # type: ignore[union-attr]
    assert setup.at.get(link).status_code == 200


def test_with_two_stewards_one_of_whom_does_casework(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    setup.founder("Miguel Prado", roles="caseworker")
    setup.keys()
    assert len(current_roll().stewards) == 2
    assert setup.open(0).status_code == 302
    assert setup.at.get("/setup/finish").headers["Location"] == "/setup/prove"
    assert setup.open(1).status_code == 302
    setup.administrator()
    assert setup.finish().status_code == 302


def test_every_compartment_is_born_and_opens_for_the_kit_and_the_founder(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    setup.keys()
    roll = current_roll()
    assert len(roll.newest) == len(set(Kind) - NOT_BORN)
    wraps = db.session.execute(select(KeyGrant.member_kind, func.count()).group_by(KeyGrant.member_kind)).all()
    assert dict(map(tuple, wraps)) == {"kit": len(roll.newest), "user": len(roll.newest)}


def test_nothing_but_setup_is_served_until_it_is_done(setup: Setup) -> None:
    at = setup.at
    for rule in setup.app.url_map.iter_rules():
        view = setup.app.view_functions[rule.endpoint]
        if "GET" in (rule.methods or ()) and not view.policy_mark.before_setup and not rule.arguments:  # type: ignore[attr-defined]
            assert at.get(rule.rule).headers.get("Location") == "/setup", rule.rule


def test_the_link_works_once_and_for_one_browser(setup: Setup) -> None:
    stranger = At(setup.app, setup.app.test_client())
    assert stranger.get("/setup/agency").status_code == 404
    assert stranger.get("/setup/" + "A" * 43).status_code == 404
    assert setup.at.get(setup.link).status_code == 200
    assert setup.at.get(setup.link).status_code == 200
    setup.begin()
    assert stranger.get(setup.link).status_code == 404
    assert stranger.get("/setup").status_code == 403
    setup.at.later(timedelta(hours=25))
    assert setup.at.get("/setup/founder").status_code == 404


@pytest.mark.parametrize("path", ["/setup/second", "/setup/prove", "/setup/administrator", "/setup/finish"])
def test_no_step_is_left_out(setup: Setup, path: str) -> None:
    setup.begin()
    assert setup.at.get(path).headers["Location"] == "/setup/founder"


def test_it_is_not_finished_before_two_have_opened_the_record(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    setup.keys()
    assert setup.open(passphrase="not hers at all").status_code == 422
    assert setup.open_with_kit("0400 AAAA").status_code == 422
    assert setup.open_with_kit(" ".join([*setup.sheet[:15], "ZZZZ"])).status_code == 422
    assert setup.open().status_code == 302
    assert setup.open().status_code == 302  # twice the same person is one
    assert setup.at.post("/setup/finish", "/setup/prove").headers["Location"] == "/setup/prove"
    assert deployment().fingerprint is None


def test_a_lost_sheet_is_made_anew_and_the_old_one_opens_nothing(setup: Setup) -> None:
    setup.begin()
    setup.founder()
    setup.keys()
    old = " ".join(setup.sheet[:16])
    setup.open()
    setup.keys("/setup/prove")
    assert setup.open_with_kit(old).status_code == 422
    assert setup.open_with_kit().status_code == 302
    assert setup.at.get("/setup/administrator").headers["Location"] == "/setup/prove"


def test_a_steward_who_would_also_administer_or_audit_is_not_offered(setup: Setup) -> None:
    setup.begin()
    for role in ("administrator", "auditor"):
        assert setup.founder(roles=role).status_code == 422


def test_another_worker_learns_of_it_from_the_file(setup: Setup, settings: Settings) -> None:
    with another_worker(settings) as twin:
        other = At(twin, twin.test_client())
        assert other.get("/sign-in").headers["Location"] == "/setup"
        setup.begin()
        setup.founder()
        setup.keys()
        setup.open()
        setup.open_with_kit()
        setup.administrator()
        setup.finish()
        assert other.get("/sign-in").status_code == 200
        name, passphrase, secret = setup.people[0]
        other.now = setup.at.now + timedelta(minutes=3)
        code = totp.code_at(secret, other.now.timestamp())
        assert other.post("/sign-in", name=name, passphrase=passphrase, code=code).status_code == 302


def test_when_it_is_done_nothing_of_it_is_left(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    setup.keys()
    setup.open()
    setup.open_with_kit()
    setup.administrator()
    setup.finish()
    assert not (deployment().folder / FILE).exists()
    assert not list(db.session.scalars(select(SignedIn)))
    assert setup.at.get("/setup").status_code == setup.at.get("/setup/agency").status_code == 404
    assert setup.at.get(setup.link).status_code == 404
    again = setup.app.test_cli_runner().invoke(args=["setup", "--no-serve"])
    assert "/invitation/" in again.output  # the administrator has not come; her link may be lost
    assert db.session.scalar(select(func.count()).select_from(KeyStatement)) > 1


def test_no_key_and_no_name_lies_in_clear_meanwhile(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder("Rosalinda Quintanilla")
    setup.keys()
    seed = "".join(setup.sheet[:16]).encode()
    for path in deployment().folder.rglob("*"):
        if path.is_file():
            assert b"Rosalinda" not in path.read_bytes(), path.name
            assert seed not in path.read_bytes(), path.name


def test_beginning_again_leaves_nothing_of_the_first_time(setup: Setup, db: Any) -> None:
    setup.begin()
    setup.founder()
    again = Setup(setup.app)
    assert setup.at.get("/setup/second").status_code == 404
    assert again.link != setup.link
    assert not list(db.session.scalars(select(Staff)))


def test_the_command_says_who_may_be_what() -> None:
    said = "\n".join(who_may_do_what())
    assert re.search(r"steward\s+not with administrator, auditor", said)
    assert re.search(r"auditor\s+not with any other role", said)
    for role in Role:
        assert role in said
