"""The one-use link of setup, the browser that used it, and the little that setup remembers between its pages.

It stands in a file of the data folder: hashes, ids and the fingerprint to come; no key and no name.
"""

import os
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from shelter.crypto.errors import Unopenable
from shelter.crypto.tokens import new_token, read_token, stored_token, token_text
from shelter.db import db
from shelter.db.base import Base, new_id
from shelter.db.deployment import deploy, deployment, settings
from shelter.db.errors import Missing
from shelter.db.transaction import write_transaction
from shelter.rules.broken import Broken
from shelter.rules.clock import now

FILE = "setup.json"
LASTS = timedelta(hours=24)


class State(msgspec.Struct, kw_only=True):
    """`link` and `holder` are hashes of the one-use link and of the browser that used it."""

    ends: datetime
    link: str = ""
    holder: str = ""
    fingerprint: str = ""
    opened: list[str] = []


def new_setup() -> str:
    """Makes the agency's id in an empty database; returns the token of the one-use link.

    An unfinished setup begins anew. Raises Broken where there is an agency already.
    """
    if settings().again().fingerprint is not None:
        raise Broken("stewards.set-up-already")
    _empty()
    begun = settings().begun(new_id())
    deploy(replace(deployment(), agency=begun.agency_id, fingerprint=None, fictional=False))
    token = new_token()
    write(State(ends=now() + LASTS, link=stored_token(token).hex()))
    return token_text(token)


def _empty() -> None:
    """Nothing of a setup that was not finished stays; called only where there is no fingerprint."""
    with write_transaction():
        for table in reversed(Base.metadata.sorted_tables):
            db.session.execute(table.delete())
    db.session.expunge_all()


def use_link(text: str) -> str:
    """Exchanges the link, once, for what the browser keeps. Raises Missing."""
    state = read()
    if not state.link or state.link != _hashed(text):
        raise Missing
    secret = new_token()
    write(msgspec.structs.replace(state, link="", holder=stored_token(secret).hex()))
    return token_text(secret)


def is_link(text: str) -> bool:
    """Whether the link could be used now."""
    try:
        state = read()
    except Missing:
        return False
    return bool(state.link) and state.link == _hashed(text)


def require_holder(text: str) -> State:
    """The state of setup, for the browser that used the link. Raises Missing for any other."""
    state = read()
    if not state.holder or state.holder != _hashed(text):
        raise Missing
    return state


def _hashed(text: str) -> str:
    try:
        return stored_token(read_token(text)).hex()
    except Unopenable:
        return "-"


def read() -> State:
    try:
        state = msgspec.json.decode((deployment().folder / FILE).read_bytes(), type=State)
    except FileNotFoundError:
        raise Missing from None
    if state.ends <= now():
        raise Missing
    return state


def write(state: State) -> None:
    path = deployment().folder / FILE
    beside = path.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(state))
    beside.replace(path)


def forget() -> None:
    """Setup is over."""
    (deployment().folder / FILE).unlink(missing_ok=True)
