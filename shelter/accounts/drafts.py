"""What somebody was typing when her session locked or ended: sealed under her own key, for her alone.

A draft is no record yet: it leaves no trail, and it goes when the form is saved or after a week.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select

from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.db import db
from shelter.db.aside import Draft
from shelter.db.deployment import deployment
from shelter.db.keyring import keyring_of
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.rules.clock import now

KEEP = timedelta(days=7)
MOST_BYTES = 200_000
_NEVER_KEPT = frozenset({"csrf_token", "passphrase", "code", "passkey"})


class _Typed(msgspec.Struct, kw_only=True):
    at: datetime
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """The fields of an unfinished form, in order, and when they were last kept."""

    at: datetime
    fields: list[tuple[str, str]]


def keep(actor: Actor, page: str, fields: Iterable[tuple[str, str]]) -> bool:
    """Keeps what a page's form holds now, over an earlier draft; False where it is too long to keep."""
    typed = [(name, value) for name, value in fields if name not in _NEVER_KEPT]
    raw = msgspec.msgpack.encode(_Typed(at=now(), fields=typed))
    if len(raw) > MOST_BYTES:
        return False
    form = _form(actor, page)
    sealed = keyring_of(actor).seal_own(Label.DRAFT, form, raw)
    with write_transaction():
        db.session.execute(delete(Draft).where(Draft.staff_id == actor.id, Draft.form == form))
        db.session.add(Draft(staff_id=actor.id, form=form, sealed=sealed, keep_until=(now() + KEEP).date()))
    return True


def find(actor: Actor, page: str) -> Kept | None:
    """Her draft of this page, or None; one that no longer opens (a new passphrase, a moved row) is none."""
    form = _form(actor, page)
    sealed = db.session.scalar(select(Draft.sealed).where(Draft.staff_id == actor.id, Draft.form == form))
    if sealed is None:
        return None
    try:
        raw = keyring_of(actor).open_own(Label.DRAFT, form, sealed)
    except Unopenable:
        return None
    typed = msgspec.msgpack.decode(raw, type=_Typed)
    return Kept(typed.at, typed.fields)


def forget(actor: Actor, page: str) -> None:
    """The form was saved, or she begins again."""
    form = _form(actor, page)
    mine = (Draft.staff_id == actor.id) & (Draft.form == form)
    if db.session.scalar(select(Draft.id).where(mine)) is None:
        return
    with write_transaction():
        db.session.execute(delete(Draft).where(mine))


def _form(actor: Actor, page: str) -> str:
    """The page under a keyed hash: whose record somebody was writing in is not to be read off the table."""
    return hmac.digest(deployment().pepper, b"draft" + actor.id + page.encode(), hashlib.sha256)[:20].hex()
