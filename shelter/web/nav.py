"""The menu: features register their entries, a reader sees at most five that her roles use."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request

from shelter.web.addresses import fixed

MOST = 5
_KEY = "shelter_nav"


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the menu for some roles (their values); low `order` comes first.

    One endpoint may be registered twice, to stand in different places for different roles.
    """

    label: Any
    endpoint: str
    roles: frozenset[str]
    order: int = 100


@dataclass(frozen=True, slots=True)
class MenuEntry:
    label: Any
    url: str
    active: bool


def register(app: Flask, *items: NavItem) -> None:
    """Called by a feature when the application is made."""
    app.extensions.setdefault(_KEY, []).extend(items)


def registered() -> list[NavItem]:
    return list(current_app.extensions.get(_KEY, []))


def pick(items: Iterable[NavItem], roles: Collection[str]) -> list[NavItem]:
    """The entries these roles see: in order, each place once, at most five."""
    picked: dict[str, NavItem] = {}
    for item in sorted(items, key=lambda one: one.order):
        if item.roles & set(roles):
            picked.setdefault(item.endpoint, item)
    return list(picked.values())[:MOST]


def menu(items: Iterable[NavItem], roles: Collection[str]) -> list[MenuEntry]:
    """The menu of this request; active is the entry above this page's address, else the only one of its room."""
    here = (request.endpoint or "").split(".")[0]
    shown = pick(items, roles)
    exact = [item for item in shown if item.endpoint == request.endpoint]
    above = [item for item in shown if request.path.startswith(f"{fixed(item.endpoint).rstrip('/')}/")]
    above.sort(key=lambda item: len(fixed(item.endpoint)), reverse=True)
    room = [item for item in shown if item.endpoint.split(".")[0] == here]
    active = exact or above[:1] or (room if len(room) == 1 else [])
    return [MenuEntry(item.label, fixed(item.endpoint), item in active) for item in shown]
