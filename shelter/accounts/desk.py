"""From the cookie of a request to the person at the desk."""

from flask import g, request
from flask_login import LoginManager, UserMixin

from shelter.accounts import cookies, sessions
from shelter.accounts.people import actor_of_session
from shelter.crypto.errors import Unopenable
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.rules.clock import now

login_manager = LoginManager()


class AtTheDesk(UserMixin):
    """What Flask-Login knows of the signed-in person: her id, nothing else."""

    def __init__(self, actor: Actor, locked: bool) -> None:
        self.id = actor.id.hex()
        self.actor = actor
        self.locked = locked


@login_manager.request_loader
def _person_of_request(_: object) -> AtTheDesk | None:
    found = active_session()
    if found is None:
        return None
    try:
        actor = actor_of_session(found.row, found.uk)
    except Unopenable:
        return None
    if sessions.touch(found) and not found.locked and request.endpoint not in _NOT_ACTIVITY:
        with write_transaction():
            sessions.write_seen([found.sid], now())
    return AtTheDesk(actor, found.locked)


_NOT_ACTIVITY = frozenset({"accounts.keep_draft"})
"""Autosave is not activity: a page left open must still lock."""


def load_actor() -> tuple[Actor | None, bool]:
    """The actor of this request and whether her session is locked; what the guard asks."""
    user = login_manager._load_user_from_request(request)
    if user is None:
        return None, False
    return user.actor, user.locked


def active_session() -> sessions.Found | None:
    """The first living session of the cookie, opened at most once a request."""
    if "session_found" not in g:
        sids = cookies.read(request)
        g.session_found = sessions.find(sids[0]) if sids else None
    found: sessions.Found | None = g.session_found
    return found
