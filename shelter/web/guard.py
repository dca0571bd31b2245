"""The door of every request: who is it, may her role come here at all, and is it written down.

Default deny: a view without a mark stops the application from starting, a request without a decision
becomes an error, and reads are committed to the trail before the first byte leaves.
"""

from collections.abc import Callable
from typing import cast

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from shelter.policy.actor import Actor
from shelter.policy.decide import may_ever, require_step_up
from shelter.policy.errors import Denied
from shelter.rules.clock import now
from shelter.trail.record import commit_reads, record_alone
from shelter.web.may import Mark, mark_of

LOADER = "shelter_actor_loader"
ActorLoader = Callable[[], tuple[Actor | None, bool]]
"""Reads the request's session: the actor and whether her session is locked; registered by accounts."""


class NoPolicy(Exception):
    """A view was registered without saying who may call it."""


def init(app: Flask, loader: ActorLoader) -> None:
    app.extensions[LOADER] = loader
    app.before_request(_decide)
    app.after_request(_write_down)


def refuse_unmarked(app: Flask) -> None:
    """Raises `NoPolicy` for any endpoint without a mark; Flask's own static endpoint must be off."""
    bare = sorted(
        rule.endpoint for rule in app.url_map.iter_rules() if not mark_of(app.view_functions[rule.endpoint])
    )
    if bare:
        raise NoPolicy(", ".join(bare))


def actor() -> Actor:
    """The person of this request; only behind a marked view."""
    return cast(Actor, g.actor)


def _decide() -> AnyResponse | None:
    g.decided = False
    if request.endpoint is None:
        g.decided = True  # no such address: the error page follows
        return None
    mark = cast(Mark, mark_of(current_app.view_functions[request.endpoint]))
    loader = cast(ActorLoader, current_app.extensions[LOADER])
    if mark.act is None:
        g.decided = True
        return None
    person, locked = loader()
    if person is None:
        g.decided = True
        return redirect(url_for("accounts.sign_in", next=_came_from()))
    g.actor = person
    if locked and not mark.locked_too:
        g.decided = True
        return redirect(url_for("accounts.unlock", next=_came_from()))
    if not may_ever(person, mark.act):
        raise Denied(mark.act)
    require_step_up(person, mark.act, now())
    g.decided = True
    return None


def _came_from() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None


def _write_down(response: Response) -> Response:
    person = cast(Actor | None, g.get("actor"))
    if person is not None and response.status_code in (403, 404):
        record_alone(person, f"refused:{request.endpoint or 'nowhere'}")
    if not g.get("decided") and response.status_code < 400:
        abort(500)
    if response.status_code < 400:
        commit_reads()
    return response
