"""Erasing the words alone: what was told is gone for good, what is counted opens under a key of today."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from shelter.clients.models import IDENTITY, Client
from shelter.db import db
from shelter.db.aside import Message
from shelter.db.keystore import KeyDek, KeyTombstone
from shelter.db.sections import open_section
from shelter.legal.models import LegalWriting
from shelter.notes import packs
from shelter.notes.models import Note, NotePack
from shelter.plans import actions as plans
from shelter.plans import queries as plan_queries
from shelter.plans.actions import SetGoal
from shelter.plans.models import Goal, SafetyPlan
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.referrals.models import Referral
from shelter.services.models import ADVOCACY, MONEY, Assistance, Service
from shelter.trail.record import recorded
from shelter.trail.rows import wrong_rows
from tests.erasing.conftest import Her, erased
from tests.factories import notes


def advocacy_keys(her: Her) -> set[bytes]:
    compartment = her.world.actor("caseworker").keyring.find(Kind.ADVOCACY)  # type: ignore[attr-defined]
    found = select(KeyDek.id).where(KeyDek.subject_id == her.id, KeyDek.compartment_id == compartment)
    return set(db.session.scalars(found))


def of_hers(model: Any, client: bytes) -> list[Any]:
    return list(db.session.scalars(select(model).where(model.client_id == client)))


def test_the_words_go_and_what_is_counted_opens_under_a_fresh_key(her: Her) -> None:
    before = advocacy_keys(her)
    assert before
    worker = her.world.actor("caseworker")
    with recorded(worker, Act.NOTES_WRITE):
        packs.pack(worker, db.session.get_one(Client, her.id))
    assert of_hers(NotePack, her.id)
    erased(her, "narrative")
    worker = her.world.actor("caseworker")
    for model in (Note, NotePack, Goal, SafetyPlan, Referral, Message):
        assert of_hers(model, her.id) == []
    service, money = of_hers(Service, her.id)[0], of_hers(Assistance, her.id)[0]
    entered, asked = open_section(worker, service, ADVOCACY), open_section(worker, money, MONEY)
    assert entered
    assert asked
    assert (entered.what, entered.minutes, entered.words) == ("transport", 45, "")
    assert (asked.cents, asked.words) == (8_000, "")
    assert before.isdisjoint(advocacy_keys(her))
    assert before <= set(db.session.scalars(select(KeyTombstone.subject_id)))
    assert wrong_rows() == []


def test_names_papers_and_matters_stay_and_work_goes_on(her: Her) -> None:
    erased(her, "narrative")
    worker = her.world.actor("caseworker")
    client = db.session.get_one(Client, her.id)
    identity = open_section(worker, client, IDENTITY)
    assert identity
    assert identity.legal_name == "Quirina Vantongeren"
    assert len(of_hers(LegalWriting, her.id)) == 1
    db.session.rollback()
    plans.set_goal(worker, SetGoal(her.code, "a door of her own", "eng", "housing"))
    notes.sign(her.world, her.code, "a new beginning")
    assert [goal.words for goal in plan_queries.plan(worker, her.code).goals] == ["a door of her own"]
    assert notes.read(her.world, her.code) == ["a new beginning"]
