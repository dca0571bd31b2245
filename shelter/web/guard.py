"""The door of every request: who is it, may her role come here at all, and is it written down.

Default deny: a view without a mark stops the application from starting, a request without a decision
becomes an error, and reads are committed to the trail before the first byte leaves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import cast

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as AnyResponse

from shelter.db import fence
from shelter.db.deployment import settings
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever, require_office, require_step_up
from shelter.policy.errors import Denied, StepUpNeeded, TooMuch
from shelter.rules.clock import now
from shelter.trail.record import commit_reads, commit_refusals, record_alone, take_asked_for
from shelter.web.may import Mark, mark_of

DOOR = "shelter_door"
_LONGEST_CODE = 20


@dataclass(frozen=True, slots=True)
class Door:
    """What accounts tells the guard: who is here and whether her session is locked, and how she is asked first.

    `ask_first` answers with the page of an endpoint (unlock, confirm), and keeps what she had typed. `is_set_up`
    says whether there is an agency yet; `setup` is the endpoint served until then. `count` raises `TooMuch` for
    whoever is shown more in an hour than a person reads.
    """

    load: Callable[[], tuple[Actor | None, bool]]
    ask_first: Callable[[str, str | None], AnyResponse]
    is_set_up: Callable[[], bool]
    setup: str
    count: Callable[[Actor], None]


class NoPolicy(Exception):
    """A view was registered without saying who may call it."""


def init(app: Flask, door: Door) -> None:
    app.extensions[DOOR] = door
    app.before_request(_decide)
    app.after_request(_write_down)


def refuse_unmarked(app: Flask) -> None:
    """Raises `NoPolicy` for any endpoint without a mark; Flask's own static endpoint must be off."""
    bare = sorted(rule.endpoint for rule in app.url_map.iter_rules() if not mark_of(app.view_functions[rule.endpoint]))
    if bare:
        raise NoPolicy(", ".join(bare))


def actor() -> Actor:
    """The person of this request; only behind a marked view."""
    return cast(Actor, g.actor)


def _door() -> Door:
    return cast(Door, current_app.extensions[DOOR])


def _decide() -> AnyResponse | None:
    g.decided = False
    if request.endpoint is None:
        g.decided = True  # no such address: the error page follows
        return None
    mark = cast(Mark, mark_of(current_app.view_functions[request.endpoint]))
    door = _door()
    if not mark.before_setup and not door.is_set_up():
        g.decided = True
        return redirect(url_for(door.setup))
    if mark.act is None:
        g.decided = True
        return None
    return _judge(door, mark, mark.act)


def _judge(door: Door, mark: Mark, act: Act) -> AnyResponse | None:
    person, locked = door.load()
    answer: AnyResponse | None = None
    if person is None:
        g.decided = True
        return redirect(url_for("accounts.sign_in", next=_came_from()))
    g.actor = person
    fence.enter(person.id)
    if locked and not mark.locked_too:
        answer = door.ask_first("accounts.unlock", _came_from())
    elif not may_ever(person, act):
        raise Denied(act)
    else:
        require_office(person, act, is_near=_is_near(), passkeys_only=settings().office_passkey)
        try:
            require_step_up(person, act, now())
        except StepUpNeeded:
            answer = door.ask_first("accounts.confirm", _came_from())
    g.decided = True
    return answer


def _is_near() -> bool:
    """Whether this request comes from a network that office work is done from; from any where none is named."""
    networks = settings().office_networks
    if not networks or request.remote_addr is None:
        return not networks
    return any(ip_address(request.remote_addr) in ip_network(one) for one in networks)


def _came_from() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None


def _write_down(response: Response) -> Response:
    person = cast(Actor | None, g.get("actor"))
    asked = take_asked_for()
    if person is not None and response.status_code in (403, 404):
        code = str((request.view_args or {}).get("code", ""))[:_LONGEST_CODE]
        record_alone(person, f"refused:{request.endpoint or 'nowhere'}", *asked, **({"asked": code} if code else {}))
    commit_refusals(person)
    if not g.get("decided") and response.status_code < 400:
        abort(500)
    if response.status_code < 400:
        try:
            commit_reads(_door().count)
        except TooMuch as much:
            response.close()
            record_alone(person, "refused:volume")
            answer = current_app.handle_user_exception(TooManyRequests(retry_after=much.seconds))
            return current_app.make_response(answer)
    return response
