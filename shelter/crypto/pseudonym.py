"""Names without a person: what facts and exact records carry in place of a client's and a record's id."""

import hmac

from shelter.crypto.context import prefixed, prefixed_number, prefixed_text

PSEUDONYM_LENGTH = 16
GRANT_NUMBER_LENGTH = 10


def pseudonym(key: bytes, generation: int, client: bytes) -> bytes:
    """The 16 bytes that stand for a client in one generation of the fact stores."""
    fields = prefixed_text("client") + prefixed_number(generation) + prefixed(client)
    return hmac.digest(key, fields, "sha256")[:PSEUDONYM_LENGTH]


def grant_number(key: bytes, person: bytes) -> bytes:
    """The 10 bytes that stand for a pseudonym in the files of one grant; of no use in those of another."""
    return hmac.digest(key, prefixed_text("grant") + prefixed(person), "sha256")[:GRANT_NUMBER_LENGTH]


def fact_source(key: bytes, table: str, record: bytes, section: str) -> bytes:
    """The 32 bytes that say which section a fact comes from, so that a later version takes its place."""
    fields = prefixed_text("source") + prefixed_text(table) + prefixed(record) + prefixed_text(section)
    return hmac.digest(key, fields, "sha256")
