"""Known answers: what was sealed with the first version of the format opens for ever."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from shelter.crypto.compartments import commitment_of
from shelter.crypto.context import Context
from shelter.crypto.files import decrypt, encrypt
from shelter.crypto.hpke import unseal_from
from shelter.crypto.kit import kit_from_seed
from shelter.crypto.labels import Label
from shelter.crypto.message import seal, unseal
from shelter.crypto.passwords import KdfParameters, derive
from shelter.crypto.pseudonym import fact_source, pseudonym
from shelter.crypto.signing import sign, signing_pair, verify
from tests.crypto import independent as again

STORED = json.loads((Path(__file__).parent / "vectors.json").read_text())
VECTORS = {name: bytes.fromhex(value) for name, value in STORED.items()}


def context(place: dict[str, object]) -> Context:
    return Context(**{**place, "label": Label(place["label"])})  # type: ignore[arg-type]  # a dict of the fields


@pytest.fixture
def fixed_salt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", lambda length: again.SALT[:length])


def test_the_second_writing_of_the_formats_gives_the_stored_vectors() -> None:
    assert again.vectors() == STORED


@pytest.mark.parametrize(("name", "place"), [("aad of a section", again.FULL), ("aad of a wrap", again.WRAP)])
def test_the_authenticated_context_is_byte_for_byte_the_stored_one(name: str, place: dict[str, object]) -> None:
    assert context(place).aad(again.MAGIC, again.KEY_ID) == VECTORS[name]


SEALED = [
    ("suite 1 section", again.FULL, b"a section of plain bytes"),
    ("suite 1 wrap", again.WRAP, again.numbered(0x90, 32)),
    ("suite 1 empty", {"label": "shelter/1/uk", "agency": again.AGENCY}, b""),
]


@pytest.mark.parametrize(("name", "place", "plaintext"), SEALED)
def test_a_stored_message_opens(name: str, place: dict[str, object], plaintext: bytes) -> None:
    assert unseal(again.KEY, again.KEY_ID, context(place), VECTORS[name]) == plaintext


@pytest.mark.usefixtures("fixed_salt")
@pytest.mark.parametrize(("name", "place", "plaintext"), SEALED)
def test_a_message_is_sealed_byte_for_byte_as_stored(name: str, place: dict[str, object], plaintext: bytes) -> None:
    assert seal(again.KEY, again.KEY_ID, context(place), plaintext) == VECTORS[name]


def test_a_stored_grant_opens_with_its_private_half() -> None:
    private = again.numbered(0x50, 32)
    opened = unseal_from(private, again.KEY_ID, context(again.GRANT), VECTORS["suite 129 grant"])
    assert opened == again.numbered(0x90, 32)


def test_a_signature_is_byte_for_byte_the_stored_one() -> None:
    pair = signing_pair(again.numbered(0x60, 32))
    fields = ("words", 5, again.numbered(1, 40), [again.numbered(9, 16), again.numbered(3, 16)])
    assert sign(pair.private, Label.SIGN_TRAIL_HEAD, again.AGENCY, fields) == VECTORS["signature"]
    verify(pair.public, VECTORS["signature"], Label.SIGN_TRAIL_HEAD, again.AGENCY, fields)


@pytest.mark.usefixtures("fixed_salt")
@pytest.mark.parametrize("size", [0, 100, 200_000])
def test_a_file_is_sealed_byte_for_byte_as_stored(size: int) -> None:
    content = again.numbered(0, size)
    sealed = b"".join(encrypt(again.KEY, again.KEY_ID, context(again.FILE), [content]))
    stored = {
        0: VECTORS["file of nothing"],
        100: VECTORS["file of 100 bytes"],
        200_000: VECTORS["hash of a file of 200,000 bytes"],
    }
    assert stored[size] in (sealed, hashlib.sha256(sealed).digest())
    assert b"".join(decrypt(again.KEY, again.KEY_ID, context(again.FILE), [sealed])) == content


def test_a_passphrase_gives_the_stored_verifier_and_unlock_key() -> None:
    found = derive(
        "  four plain words here ",
        salt=again.numbered(1, 16),
        pepper=again.numbered(2, 32),
        user_id=again.numbered(3, 16),
        parameters=KdfParameters(64, 1),
    )
    assert (found.stored, found.unlock_key) == (VECTORS["stored verifier"], VECTORS["unlock key"])


def test_the_seed_of_a_kit_gives_its_three_private_halves() -> None:
    kit = kit_from_seed(again.numbered(0x70, 32), agency=again.AGENCY, number=1)
    halves = (kit.exchange.private, kit.signing.private, kit.backup.private)
    assert halves == (VECTORS["kit x25519"], VECTORS["kit ed25519"], VECTORS["kit backup"])


def test_commitment_pseudonym_and_source_are_the_stored_ones() -> None:
    assert commitment_of(again.KEY) == VECTORS["commitment"]
    assert pseudonym(again.KEY, 1, again.KEY_ID) == VECTORS["pseudonym"]
    assert fact_source(again.KEY, "stay", again.KEY_ID, "facts") == VECTORS["fact source"]
