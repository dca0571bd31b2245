"""What stewards and administrators do: from networks that the operator names, with a passkey where he demands it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from config import Settings, Unconfigured
from shelter.accounts.models import SignedIn
from shelter.db import db
from shelter.policy.acts import Act
from shelter.policy.decide import require_office
from shelter.policy.errors import NotFromHere
from shelter.policy.table import OFFICE
from tests.factories.agency import World
from tests.factories.clients import Desk

ASKED = {"administrator": "/staff", "steward": "/keys"}


def demand(app: Flask, **more: Any) -> None:
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], **more)


@pytest.mark.parametrize("who", ASKED)
def test_from_another_network_the_office_is_closed_and_the_rest_is_open(app: Flask, world: World, who: str) -> None:
    sits = Desk(app, world, who)
    assert sits.get(ASKED[who]).status_code == 200
    demand(app, office_networks=("10.8.0.0/24", "fd00::/8"))
    answer = sits.get(ASKED[who])
    assert answer.status_code == 403
    assert "own network" in answer.text
    assert sits.get("/sessions").status_code == 200
    demand(app, office_networks=("10.8.0.0/24", "127.0.0.0/8"))
    assert sits.get(ASKED[who]).status_code == 200


@pytest.mark.parametrize("who", ASKED)
def test_where_a_passkey_is_demanded_a_code_does_not_do(app: Flask, world: World, who: str) -> None:
    sits = Desk(app, world, who)
    demand(app, office_passkey=True)
    answer = sits.get(ASKED[who])
    assert answer.status_code == 403
    assert "asks for a passkey" in answer.text
    assert sits.get("/passkeys").status_code == 200, "she can add one"
    db.session.execute(update(SignedIn).where(SignedIn.staff_id == world.members[who].id).values(factors="passkey"))
    db.session.commit()
    assert sits.get(ASKED[who]).status_code == 200


def test_nobody_else_is_asked(app: Flask, world: World) -> None:
    sits = Desk(app, world, "supervisor")
    demand(app, office_passkey=True, office_networks=("10.8.0.0/24",))
    assert sits.get("/people").status_code == 200


def test_every_act_that_only_an_office_may_do_is_one_of_the_office(world: World) -> None:
    assert {Act.ACCOUNTS_MANAGE, Act.AGENCY_EXPORT, Act.ERASINGS_AGREE, Act.KEYS_STEWARD, Act.SETTINGS_MANAGE} <= OFFICE
    for act in OFFICE:
        with pytest.raises(NotFromHere):
            require_office(world.actor("steward"), act, is_near=False, passkeys_only=False)


def test_a_network_that_is_none_stops_the_start(tmp_path: Any) -> None:
    with pytest.raises(Unconfigured, match="SHELTER_OFFICE_NETWORKS"):
        Settings.from_environment({"SHELTER_DATA": str(tmp_path), "SHELTER_OFFICE_NETWORKS": "10.8.0.0/99"})
