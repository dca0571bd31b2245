"""The one who stole the server, with a day's work on it and people still signed in, learns nothing."""

import base64
import binascii
import html
import json
import urllib.parse
import zlib
from collections import Counter
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import MetaData, select

from shelter.accounts.keys import parameters
from shelter.clients.models import DESK_CARD, IDENTITY, Birth, Client, DeskCard, Identity
from shelter.crypto.errors import Unopenable
from shelter.crypto.message import KEY_LENGTH, seal, unseal
from shelter.db import db as database
from shelter.db.keyring import Keyring
from shelter.db.sections import fill
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.restricting.models import Wanted
from shelter.rules.clock import now
from shelter.rules.codes import new_code
from shelter.trail.record import recorded
from tests.factories.agency import World
from tests.thief.canaries import CANARIES
from tests.thief.conftest import WANTED, Loot


def encodings(text: str) -> dict[str, bytes]:
    """The common ways in which a text could lie on a disk."""
    raw = text.encode()
    return {
        "utf-8": raw,
        "lower case": text.lower().encode(),
        "upper case": text.upper().encode(),
        "utf-16": text.encode("utf-16-le"),
        "utf-16 be": text.encode("utf-16-be"),
        "hex": binascii.hexlify(raw),
        "base64": base64.b64encode(raw)[: len(raw) // 3 * 4],
        "base64 url": base64.urlsafe_b64encode(raw)[: len(raw) // 3 * 4],
        "url": urllib.parse.quote(text).encode(),
        "form": urllib.parse.quote_plus(text).encode(),
        "json": json.dumps(text)[1:-1].encode(),
        "html": html.escape(text).encode(),
        "backwards": raw[::-1],
        "deflated": zlib.compress(raw)[2:-4],
    }


def test_no_word_lies_anywhere_in_any_common_encoding(loot: Loot) -> None:
    found = [
        (what, place, form)
        for what, word in CANARIES.items()
        for form, text in encodings(word).items()
        for place, raw in loot.places.items()
        if text in raw
    ]
    assert found == []


def test_whom_a_restriction_would_name_stands_nowhere_before_it_is_signed(loot: Loot, at_work: World) -> None:
    """Ids alone are everywhere; that these few belong together is what is sealed."""
    people = sorted(at_work.members[who].id for who in WANTED)
    together = msgspec.msgpack.encode(people)[1:]
    asked = Wanted(people=people, asked_by=people[0], at=now())
    assert together in msgspec.msgpack.encode(asked), "unsealed it would be found"
    assert [place for place, raw in loot.places.items() if together in raw] == []


def test_the_thief_has_looked_where_the_data_is(loot: Loot, at_work: World) -> None:
    """The search above would find something: ids and codes, which may be seen, are found."""
    code = database.session.scalars(select(Client.code)).first()
    assert code is not None
    assert code.encode() in loot.places["columns"]
    assert any(place.startswith("data/files/") for place in loot.places)
    assert len(loot.places["columns"]) > 100_000 or len(loot.places) > 3


def test_the_applications_own_code_opens_nothing_without_a_passphrase(at_work: World) -> None:
    """Every id and every file is there; what is missing is in nobody's configuration."""
    member = at_work.members["caseworker"]
    for guess in (bytes(KEY_LENGTH), at_work.settings.pepper[:KEY_LENGTH], at_work.settings.secret_key[:KEY_LENGTH]):
        keyring = Keyring(
            agency=at_work.actor("caseworker").agency, user_id=member.id, uk=guess, uk_id=member.keys.uk_id
        )
        compartment = keyring.compartment(Kind.IDENTITY)
        with pytest.raises(Unopenable):
            keyring.secret(compartment, 1)


def test_a_session_row_opens_nothing_without_its_cookie(at_work: World, db: Any) -> None:
    from shelter.accounts.models import SignedIn
    from shelter.crypto.tokens import open_session
    from shelter.db.deployment import deployment

    place = deployment()
    rows = db.session.scalars(select(SignedIn)).all()
    assert rows
    for row in rows:
        for guess in (row.sid_hash, bytes(32), place.boot_secret):
            with pytest.raises(Unopenable):
                open_session(row.uk_sealed, guess, place.boot_secret, place.agency, row.staff_id)


def test_passphrases_cost_what_is_promised_outside_tests() -> None:
    from shelter.crypto.passwords import KdfParameters

    assert (KdfParameters().memory_kib, KdfParameters().iterations) == (65536, 3)
    assert callable(parameters)


def test_two_seals_of_one_text_have_nothing_in_common() -> None:
    from shelter.crypto.context import Context
    from shelter.crypto.labels import Label

    context = Context(Label.SECTION, bytes(16))
    one, other = (seal(bytes(32), bytes(16), context, b"same" * 50) for _ in range(2))
    assert unseal(bytes(32), bytes(16), context, one) == unseal(bytes(32), bytes(16), context, other)
    assert not any(one[at : at + 4] == other[at : at + 4] for at in range(12, len(one) - 4))


NAMES = ("Maria Garcia", "Ana Lopez", "Lin Zhang", "Fatima Khalil", "Oksana Melnyk", "Analyn Reyes")
SHARES = (40, 25, 15, 10, 6, 4)


def test_counting_how_often_a_value_comes_does_no_better_than_guessing_the_commonest_name(
    world: World, db: Any
) -> None:
    """Rank matching: the commonest value of a column is taken for the commonest name, and so on down."""
    luck, actor, truth = Random(11), world.actor("supervisor"), {}
    with recorded(actor, Act.CLIENTS_CREATE):
        for _ in range(300):
            name = luck.choices(NAMES, SHARES)[0]
            client = Client(code=new_code(), site_id=world.sites["north"])
            fill(actor, client, IDENTITY, Identity(legal_name=name, birth=Birth(precision="exact", year=1990)))
            fill(actor, client, DESK_CARD, DeskCard(working_name=name.split()[0]))
            db.session.add(client)
            truth[client.id] = name
    commonest = Counter(truth.values()).most_common(1)[0][1] / len(truth)
    for column, by_client in _columns_of_clients(db).items():
        assert _rank_match(by_client, truth) <= commonest + 0.02, column


def _columns_of_clients(db: Any) -> dict[str, dict[bytes, object]]:
    """Each column of each table that names a client, and the length of each of its values, by client."""
    tables = MetaData()
    tables.reflect(db.session.connection())
    found: dict[str, dict[bytes, object]] = {}
    for table in tables.sorted_tables:
        key = {"client": "id", "key_dek": "subject_id"}.get(table.name, "client_id")
        if key not in table.c:
            continue
        for row in db.session.execute(select(table)).mappings():
            for name, value in row.items():
                found.setdefault(f"{table.name}.{name}", {})[row[key]] = value
                if isinstance(value, bytes):
                    found.setdefault(f"{table.name}.{name} (length)", {})[row[key]] = len(value)
    return found


def _rank_match(by_client: dict[bytes, object], truth: dict[bytes, str]) -> float:
    known = {client: value for client, value in by_client.items() if client in truth}
    values = [value for value, _ in Counter(map(repr, known.values())).most_common()]
    names = [name for name, _ in Counter(dict(zip(NAMES, SHARES, strict=True))).most_common()]
    guess = {value: names[min(rank, len(names) - 1)] for rank, value in enumerate(values)}
    return sum(guess[repr(value)] == truth[client] for client, value in known.items()) / max(1, len(known))
