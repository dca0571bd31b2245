"""From the cookie of a request to the person at the desk."""

from flask import Response, after_this_request, request
from flask_login import LoginManager, UserMixin

from shelter.accounts import cookies, occasions, sessions
from shelter.accounts.people import actor_of_session
from shelter.accounts.taking_in import take_in_for
from shelter.crypto.errors import Unopenable
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.clock import now
from shelter.web.application import this_app

login_manager = LoginManager()
_FOUND = "shelter.session"
_NOT_ACTIVITY = frozenset({"accounts.keep_draft"})
"""Autosave is not activity: a page left open must still lock."""


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
        if not found.locked and request.endpoint not in _NOT_ACTIVITY:
            actor = _at_work(found, actor)
    except Unopenable:
        return None
    return AtTheDesk(actor, found.locked)


def _at_work(found: sessions.Found, actor: Actor) -> Actor:
    """She is here: her session stays awake, keys handed to her are hers, and what waits for her is done."""
    posting = request.method == "POST"
    if (posting or not actor.keyring.holds(Kind.HOUSE)) and take_in_for(actor.id, found.uk):
        actor = actor_of_session(found.row, found.uk)
    if sessions.touch(found):
        with write_transaction():
            sessions.write_seen([found.sid], now())
    if posting:
        occasions.do_what_waits(actor)
        slice_afterwards(actor)
    return actor


def slice_afterwards(actor: Actor) -> None:
    """Long work goes on within her own request, once its answer has left: nobody waits for it."""
    waiting = occasions.slices_waiting(actor)
    if not waiting:
        return
    app = this_app()

    def go_on() -> None:
        with app.app_context():
            occasions.do_slices(actor, waiting)

    @after_this_request
    def _afterwards(response: Response) -> Response:
        response.call_on_close(go_on)
        return response


def load_actor() -> tuple[Actor | None, bool]:
    """The actor of this request and whether her session is locked; what the guard asks."""
    user = login_manager._load_user_from_request(request)
    if user is None:
        return None, False
    return user.actor, user.locked


def active_session() -> sessions.Found | None:
    """The first living session of the cookie, opened at most once a request."""
    if _FOUND not in request.environ:
        sids = cookies.read(request)
        request.environ[_FOUND] = sessions.find(sids[0]) if sids else None
    found: sessions.Found | None = request.environ[_FOUND]
    return found
