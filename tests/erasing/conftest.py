"""A person with something in every room, and the two people who erase her file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from shelter.clients import actions as people
from shelter.clients.actions import SaveHerself
from shelter.clients.models import Client
from shelter.clients.parts import Numbers, Part, Progress, SaveDanger, SavePart
from shelter.clients.queries import agency_today
from shelter.erasing import actions
from shelter.erasing.actions import Ask
from shelter.files.actions import AddFile, add
from shelter.plans import actions as plans
from shelter.plans.actions import SaveSafety, SetGoal
from shelter.referrals.actions import Refer, refer
from shelter.services import actions as services
from shelter.services.actions import AskMoney, EnterService
from tests.factories import clients, documents, legal, notes
from tests.factories.agency import World

LEGAL_NAME = "Quirina Vantongeren"


@dataclass
class Her:
    """One person and what leads to her."""

    world: World
    code: str
    id: bytes


@pytest.fixture
def her(world: World, db: Any) -> Her:
    """Notes, goals, services, papers, a scan, a matter, a danger at the door, a message: everything but a stay."""
    found = written(world, db)
    scanned(found)
    return found


def scanned(her: Her) -> None:
    add(her.world.actor("caseworker"), AddFile(her.code, "photo page", documents.picture("PNG")))


def written(world: World, db: Any) -> Her:
    """The same without the scan."""
    code = clients.named(world, LEGAL_NAME, "Belisama", called="Zephyrine")
    worker, day = world.actor("caseworker"), agency_today()
    clients.phone(worker, code, "2135550143")
    people.save_part(worker, SavePart(code, Part.NUMBERS, 0, Numbers("A200300400"), progress=Progress.DONE))
    people.save_danger(worker, SaveDanger(code, 0, "", ("Mortimer",), description="scar over the brow"))
    people.save_herself(worker, SaveHerself(code, 0, own_words="daughter of the salt road"))
    plans.set_goal(worker, SetGoal(code, "a window that looks at water", "eng", "housing"))
    plans.save_safety(worker, SaveSafety(code, 0, {"out": ["the door behind the flour"]}))
    notes.sign(world, code, "she hums when the kettle boils")
    services.enter(worker, EnterService((code,), "transport", day, 45, words="to the eye clinic"))
    services.ask_money(worker, AskMoney(code, "grant", "clothes", 8_000, "winter boots"))
    refer(worker, Refer(code, "Penhallow Van", "shoes"))
    documents.paper(world, code)
    clients.give_advocate(world, code)
    row = db.session.get(Client, clients.client_id(code))
    matter = legal.make_matter(world, row)
    legal.make_privileged(world, row, matter, "he counted the lilies", "bring the paper")
    people.send_message(worker, code, world.members["supervisor"].id, "call her aunt")
    return Her(world, code, clients.client_id(code))


def erased(her: Her, scope: str = "whole") -> bytes:
    """Asked by a supervisor, agreed by a steward, done."""
    asked = actions.ask(her.world.actor("supervisor"), Ask(her.code, scope, "she-asked"))
    actions.agree(her.world.actor("steward"), asked)
    actions.erase(her.world.actor("supervisor"), asked)
    return asked
