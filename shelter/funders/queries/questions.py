"""Numbers that a preparer asks about, each with one's own people behind it and nobody else's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries.card import identities
from shelter.db import db, pseudonyms
from shelter.db.letters import Letter, opened_letter
from shelter.funders.models import Counted, FunderQuestion, Question
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.trail.record import note_read

_READS = {Kind.ADVOCACY: Act.PLANS_READ, Kind.LEGAL: Act.MATTERS_READ}
"""Whose records a question is about, and who may name them."""


@dataclass(frozen=True, slots=True)
class Behind:
    """One of the reader's own people, and her records that the number counts."""

    code: str
    called: str
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """`others` records are of people whom the reader may not see."""

    form: str
    line: str
    words: str
    by: str
    at: datetime
    people: tuple[Behind, ...]
    others: int


def asked(actor: Actor) -> list[Asked]:
    """Newest first; each person named is one more read of her in the trail."""
    require(actor, Act.NUMBERS_EXPLAIN)
    found = []
    for kind, act in _READS.items():
        if not actor.keyring.holds(kind):
            continue
        letters = _letters(actor, kind)
        mine = _my_people(actor, act) if letters else {}
        found += [_asked(actor, question, maker, mine) for question, maker in letters]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _letters(actor: Actor, kind: Kind) -> list[tuple[Question, bytes]]:
    rows = db.session.scalars(select(FunderQuestion).where(FunderQuestion.kind == kind.value))
    table = FunderQuestion.__tablename__
    opened = (opened_letter(actor, Letter(table, row.id, kind, row.ck_version, row.sealed), Question) for row in rows)
    return [one for one in opened if one is not None]


def _my_people(actor: Actor, act: Act) -> dict[bytes, Client]:
    """Those whose records she may open, by pseudonym; of two records of one person the one that was kept."""
    clients = db.session.scalars(select(Client).where(scope.scope(actor, act), Client.merged_into.is_(None))).all()
    by_id = {client.id: client for client in clients}
    return {known: by_id[client] for known, client in pseudonyms.known_by(actor, by_id).items()}


def _asked(actor: Actor, question: Question, maker: bytes, mine: Mapping[bytes, Client]) -> Asked:
    behind: dict[bytes, list[Counted]] = {}
    for one in question.counted:
        if one.person in mine:
            behind.setdefault(one.person, []).append(one)
    clients = [mine[person] for person in behind]
    note_read(actor, Act.NUMBERS_EXPLAIN, [client.id for client in clients])
    known = identities(actor, clients) if clients else {}
    people = []
    for person, counted in behind.items():
        client = mine[person]
        called = known[client.id].working_name if client.id in known else ""
        people.append(Behind(client.code, called, tuple(counted)))
    return Asked(
        form=question.form,
        line=question.line,
        words=question.words,
        by=names_of(actor, {maker}).get(maker, ""),
        at=question.at,
        people=tuple(sorted(people, key=lambda one: one.code)),
        others=len(question.counted) - sum(len(counted) for counted in behind.values()),
    )
