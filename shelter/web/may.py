"""What a view declares about itself: the act it serves, or that it is public and why.

The guard reads the mark; the application refuses to start while any view has none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import current_app

from shelter.policy.acts import Act

View = TypeVar("View", bound=Callable[..., Any])
ATTRIBUTE = "policy_mark"


@dataclass(frozen=True, slots=True)
class Mark:
    """`act` is None for a public view; `locked_too` lets a locked session through (unlock, switch, leave).

    `before_setup` lets a public view be served while there is no agency yet.
    """

    act: Act | None
    why_public: str = ""
    locked_too: bool = False
    before_setup: bool = False


def may(act: Act, *, locked_too: bool = False) -> Callable[[View], View]:
    """Marks a view with the act that its caller's role must allow; the record is judged by the action."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, Mark(act, locked_too=locked_too))
        return view

    return mark


def public(why: str, *, before_setup: bool = False) -> Callable[[View], View]:
    """Marks a view that anybody may call; the reason stands in the stored list of public views."""

    def mark(view: View) -> View:
        setattr(view, ATTRIBUTE, Mark(None, why_public=why, before_setup=before_setup))
        return view

    return mark


def mark_of(view: object) -> Mark | None:
    found = getattr(view, ATTRIBUTE, None)
    return found if isinstance(found, Mark) else None


def act_of_endpoint(name: str) -> Act | None:
    """The act that a page is for; None for a public one or one that is no longer there."""
    mark = mark_of(current_app.view_functions.get(name))
    return mark.act if mark else None
