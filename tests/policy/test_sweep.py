"""Every route asked by everybody in the cast, about a client of theirs and about somebody else's.

The matrix says who may; here the application itself is asked, with real cookies: a role that may not gets
403 before anything is looked up, a stranger's client and one that does not exist give the same 404.
"""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, Rule

from shelter.accounts import sessions
from shelter.accounts.models import Staff
from shelter.clients.models import DESK_CARD, IDENTITY, Assignment, Client, DeskCard, Identity
from shelter.db import db as database
from shelter.db.sections import fill
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.policy.table import about_a_client
from shelter.rules.codes import new_code
from shelter.trail.record import recorded
from shelter.web.addresses import IdConverter
from shelter.web.may import Mark, mark_of
from tests.factories.agency import CAST, World

DATABASES = ("sqlite",)
SAMPLE = {
    "code": "",
    "danger": "0a0b0c0d",
    "name": "theme.css",
    "part": "names",
    "channel": "text",
    "other": "K7-4QM2-C",
    "what": "done",
    "template": "arrival",
    "worker": "0" * 32,
    "asked": "0a0b0c0d",
    "step": "0a0b0c0d",
    "field": "languages",
    "picklist": "languages",
    "room": "plan",
    "value": "spa",
    "limit": "safe_contact_days",
    "report": "people-served",
    "period": "2025-Q1",
    "number": 1,
    "kind": "csv",
    "day": "2026-11-20",
    "token": "x" * 43,
    "staff_id": "0" * 32,
    "cover_id": "0" * 32,
    "days": 30,
    "file": "0" * 32,
    "sheet_import": "0" * 32,
    "rule": "address.dhs",
    "fee": "pay.i589",
    "matter_type": "t_visa",
    "version": 1,
    "way": "foreign_passport",
    "country": "PHL",
    "service": "transport",
    "fund": "grant",
    "certifier": "ca",
    "language": "en",
    "kind_of_look": "outside",
}
ENDS_A_SESSION = {"accounts.leave", "accounts.sign_out", "accounts.lock", "accounts.switch", "accounts.end_session"}


@pytest.fixture
def open_house(app: Flask) -> Flask:
    """Forms without a token: who may is asked here, not where a request comes from."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def put_client(world: World, site: str, *workers: tuple[str, str]) -> str:
    actor = world.actor("caseworker")
    with recorded(actor, Act.CLIENTS_CREATE):
        client = Client(code=new_code(), site_id=world.sites[site])
        fill(actor, client, IDENTITY, Identity(legal_name="Swept Person"))
        fill(actor, client, DESK_CARD, DeskCard(working_name="Swept"))
        database.session.add(client)
        database.session.flush()
        for who, kind in workers:
            database.session.add(Assignment(client_id=client.id, staff_id=world.members[who].id, kind=kind))
    return client.code


def at_the_desk(app: Flask, world: World, who: str) -> FlaskClient:
    member = world.members[who]
    staff = database.session.get(Staff, member.id)
    assert staff is not None
    with recorded(None, "signed-in"):
        sid = sessions.start(staff, member.keys.uk, member.keys.uk_id, "totp")
    client = app.test_client()
    client.set_cookie("sid", base64.urlsafe_b64encode(sid).rstrip(b"=").decode())
    return client


def routes(app: Flask) -> Iterator[tuple[Rule, str, Mark]]:
    for rule in app.url_map.iter_rules():
        mark = mark_of(app.view_functions[rule.endpoint])
        assert mark is not None
        if mark.act is None or rule.endpoint in ENDS_A_SESSION:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method, mark


def address(app: Flask, rule: Rule, code: str) -> str:
    """The address of a route about one client; other ids are of nothing there is."""
    values: dict[str, Any] = {name: _sample(rule, name) for name in rule.arguments - set(rule.defaults or {})}
    if "code" in values:
        values["code"] = code
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def _sample(rule: Rule, name: str) -> Any:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return bytes(16) if isinstance(converter, IdConverter) else SAMPLE[name]


@pytest.mark.slow
@pytest.mark.parametrize("who", sorted(CAST))
def test_nobody_gets_further_than_the_matrix_says(open_house: Flask, world: World, who: str) -> None:
    app, actor = open_house, world.actor(who)
    strange = put_client(world, "south", ("stranger", "case"))
    desk = at_the_desk(app, world, who)
    wrong: list[str] = []
    for rule, method, mark in routes(app):
        assert mark.act is not None
        told = desk.open(address(app, rule, strange), method=method, data={} if method == "POST" else None)
        expected = _expected(actor, mark, rule, who)
        if told.status_code == 500 or (expected and told.status_code not in expected):
            wrong.append(f"{method} {rule.rule}: {told.status_code}, not {sorted(expected)}")
    assert wrong == []


def _expected(actor: Any, mark: Mark, rule: Rule, who: str) -> set[int]:
    assert mark.act is not None
    if not may_ever(actor, mark.act):
        return {403}
    if "code" in rule.arguments and about_a_client(mark.act) and who not in ("stranger", "legal_supervisor"):
        return {404}
    return set()


@pytest.mark.parametrize("who", ["caseworker", "advocate", "desk", "supervisor"])
def test_a_strangers_client_and_nobody_give_the_same_bytes(open_house: Flask, world: World, who: str) -> None:
    strange, nobody = put_client(world, "south", ("stranger", "case")), new_code()
    desk = at_the_desk(open_house, world, who)
    for path in ("/people/{}", "/people/{}/plan/", "/people/{}/matters", "/people/{}/papers", "/people/{}/stay"):
        one, other = desk.get(path.format(strange)), desk.get(path.format(nobody))
        assert one.status_code == other.status_code
        assert one.status_code in (403, 404)
        assert one.data.replace(strange.encode(), b"-") == other.data.replace(nobody.encode(), b"-")


@pytest.mark.parametrize("who", ["director", "preparer", "administrator", "steward", "auditor", "volunteer"])
def test_who_reaches_no_client_reaches_none_by_any_route(open_house: Flask, world: World, who: str) -> None:
    code = put_client(world, "north", ("caseworker", "case"), ("advocate", "legal"))
    desk = at_the_desk(open_house, world, who)
    for rule, method, _ in routes(open_house):
        told = desk.open(address(open_house, rule, code), method=method, data={} if method == "POST" else None)
        assert code.encode() not in told.data.replace(address(open_house, rule, code).encode(), b"")
        if "code" in rule.arguments:
            assert told.status_code in (403, 404), rule.rule
