"""What one sealed section costs against bare AES-GCM, and where the time goes. Reported; no limit is asked."""

import os

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shelter.crypto.context import Context
from shelter.crypto.labels import Label
from shelter.crypto.message import seal, unseal
from tests.bench.ledger import Ledger, Row, paired

pytestmark = pytest.mark.bench
TIMES = 5_000


def test_one_section_of_800_bytes(ledger: Ledger) -> None:
    text, key, ids = os.urandom(800), os.urandom(32), [os.urandom(16) for _ in range(5)]
    context = Context(Label.SECTION, ids[0], "client", ids[1], "identity", "client", ids[2], ids[3], 1)
    sealed = seal(key, ids[4], context, text)

    def ours() -> None:
        for _ in range(TIMES):
            seal(key, ids[4], context, text)

    def opening() -> None:
        for _ in range(TIMES):
            unseal(key, ids[4], context, sealed)

    def bare() -> None:
        for _ in range(TIMES):
            AESGCM(key).encrypt(os.urandom(12), text, ids[1])

    for name, call in (("seal one 800-byte section", ours), ("open one 800-byte section", opening)):
        pair = paired(call, bare, rounds=7)
        micro = 1e6 / TIMES
        row = Row(
            name,
            pair.ours * micro,
            pair.peer * micro,
            pair.ratio,
            12.0,
            "lower",
            "us",
            pair.rounds,
            "against bare AES-GCM with a new object each",
        )
        assert ledger.add(row).holds
