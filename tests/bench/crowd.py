"""Clients who do not exist, by the thousand: nineteen sealed fields and a desk card each, inserted with Core."""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy import text

from shelter.clients import directory
from shelter.clients.models import (
    DESK_CARD,
    IDENTITY,
    Birth,
    ContactRule,
    Danger,
    DeskCard,
    Identity,
    PartState,
    client_subject,
)
from shelter.db import db, new_id
from shelter.db.bulk import Row, Sealing, deliver, insert_many
from shelter.db.keyring import keyring_of
from shelter.policy.actor import Actor
from shelter.rules.codes import new_code
from shelter.trail.record import recorded

COLUMNS = ("id", "code", "site_id", "state", "identity", "identity_version", "desk_card", "desk_card_version")
PORTION = 4_096
_POOL = Path(__file__).parents[2] / "shelter" / "cli" / "demo" / "names.toml"
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Invented:
    """Somebody who does not exist, with the code of her row."""

    id: bytes
    code: str
    identity: Identity

    @property
    def card(self) -> DeskCard:
        one = self.identity
        return DeskCard(working_name=one.working_name, pronouns=one.pronouns, languages=one.languages, allergies="none")


def invented(count: int, seed: int = 7) -> Iterator[Invented]:
    """The same people for the same seed, apart from their ids and codes."""
    draw = random.Random(seed)
    origins = tomllib.loads(_POOL.read_text())["origin"]
    shares = [one["share"] for one in origins]
    codes: set[str] = set()
    while len(codes) < count:
        codes.add(new_code())
    for code in codes:
        yield Invented(new_id(), code, _identity(draw, draw.choices(origins, shares)[0]))


def _identity(draw: random.Random, origin: dict[str, list[str]]) -> Identity:
    first, family = draw.choice(origin["women"]), draw.choice(origin["family"])
    return Identity(
        working_name=first,
        legal_name=f"{first} {_tail(draw)} {family}",
        aliases=[_tail(draw)],
        birth=Birth(
            precision="exact", year=draw.randint(1960, 2006), month=draw.randint(1, 12), day=draw.randint(1, 28)
        ),
        pronouns="she/her",
        languages=list(origin["languages"]),
        contact=[_contact(draw, channel) for channel in ("call", "text", "email")],
        dangers=[_danger(draw)],
        a_number=f"A{draw.randrange(10**9):09}",
        referral_source="hotline",
        referral_note="Called at night from a hotel near the interchange and was met by the outreach team.",
        relationship_to_head="self",
        skipped={"minor_consent": "not_now"},
        parts={"first": PartState(state="done", version=1, by=bytes(16))},
    )


def _tail(draw: random.Random) -> str:
    return "".join(draw.choice("bcdfghjklmnprstvz") + draw.choice("aeiou") for _ in range(draw.choice((2, 3)))).title()


def _contact(draw: random.Random, channel: str) -> ContactRule:
    return ContactRule(
        channel=channel,
        allowed="allowed",
        value=f"+1 206 555 {draw.randrange(10_000):04}",
        say="Say that it is the dentist",
        code_word="bluebird",
        confirmed=date(2026, 1, 1),
    )


def _danger(draw: random.Random) -> Danger:
    name = _tail(draw)
    return Danger(
        id="", names=[name], relationship="former employer", description="Tall, grey cap, limps", vehicle="van"
    )


def lay_down(actor: Actor, site: bytes, people: Iterator[Invented] | list[Invented], *, search: bool = False) -> int:
    """Seals and inserts clients of one site, a portion to a transaction with its trail row; returns how many.

    With `search` their names go into the directory.
    """
    stream, done = iter(people), 0
    while part := list(islice(stream, PORTION)):
        sealing = Sealing(keyring_of(actor))
        with recorded(actor, "laid-down"):
            if search:
                directory.keep_many(actor, [(one.id, one.identity) for one in part])
            insert_many("client", COLUMNS, [_sealed(sealing, site, one) for one in part])
            deliver(sealing.deks, sealing.writes)
        done += len(part)
    return done


def _sealed(sealing: Sealing, site: bytes, one: Invented) -> Row:
    subject = client_subject(one.id)
    identity = sealing.seal(IDENTITY, one.id, subject, one.identity)
    card = sealing.seal(DESK_CARD, one.id, subject, one.card)
    return one.id, one.code, site, "open", identity, 1, card, 1


def lay_down_plain(site: bytes, people: list[Invented]) -> None:
    """The plaintext twin's rows: the same columns hold the same structs as plain msgpack, without any key."""
    with recorded(None, "laid-down"):
        rows: list[Row] = [
            (one.id, one.code, site, "open", _encode(one.identity), 1, _encode(one.card), 1) for one in people
        ]
        insert_many("client", COLUMNS, rows)


def known_to_the_planner() -> None:
    """PostgreSQL counts what was laid down, as its autovacuum does within minutes of an import."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
