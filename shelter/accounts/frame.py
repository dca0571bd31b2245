"""What the frame of every page needs: the agency, who is here, her menu and her notices."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from flask import current_app, g
from flask_babel import gettext as _

from shelter.accounts import queries
from shelter.accounts.desk import active_session
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.web import nav
from shelter.web.addresses import fixed


def frame() -> Mapping[str, object]:
    """The context that templates/layout reads; a signed-out page gets the agency alone."""
    agency = queries.agency_on_screen()
    g.setdefault("zone", agency.zone)
    context: dict[str, Any] = {"agency": agency}
    person = cast(Actor | None, g.get("actor"))
    if person is None:
        return context
    return context | _signed_in(person)


def _signed_in(person: Actor) -> dict[str, Any]:
    sites = queries.my_site_names(person)
    me, unseen = queries.me_and_messages(person)
    return {
        "me": me,
        "nav": nav.menu(nav.registered(), {role.value for role in person.roles}),
        "notices_count": unseen,
        "notices_url": _if_there("accounts.notices"),
        "find_url": _if_there("clients.search") if may_ever(person, Act.CLIENTS_SEARCH) else "",
        "site_name": sites[0][1] if sites else "",
        "site_switch": [{"name": name, "site": site.hex()} for site, name in sites],
        "account_links": _account_links(person),
        "sign_out_url": fixed("accounts.sign_out"),
        "leave_url": fixed("accounts.leave"),
        "idle": {
            "seconds": int(_idle().total_seconds()),
            "lock_url": fixed("accounts.lock"),
            "stay_url": fixed("accounts.stay"),
        },
    }


def _idle() -> timedelta:
    """After how long this screen locks, as this agency set it."""
    found = active_session()
    return found.idle if found else timedelta(0)


def _account_links(person: Actor) -> list[dict[str, str]]:
    links = [
        (_("Your sessions"), "accounts.sessions_list", Act.ACCOUNT_OWN),
        (_("Your passphrase"), "accounts.passphrase", Act.ACCOUNT_SECURE),
        (_("Your passkeys"), "accounts.factors", Act.ACCOUNT_SECURE),
        (_("Somebody else at this desk"), "accounts.switch", Act.ACCOUNT_OWN),
        (_("Staff"), "accounts.staff", Act.ACCOUNTS_MANAGE),
        (_("Cover"), "accounts.covers", Act.COVERS_ARRANGE),
        (_("Keys"), "stewards.index", Act.KEYS_STEWARD),
        (_("Open in an emergency"), "emergencies.break_glass", Act.GLASS_BREAK),
        (_("Opened in an emergency"), "emergencies.review", Act.GLASS_REVIEW),
        (_("Copies of a part"), "copies.index", Act.COPIES_READ),
        (_("Settings"), "settings.index", Act.SETTINGS_MANAGE),
    ]
    return [
        {"label": str(label), "url": fixed(endpoint)}
        for label, endpoint, act in links
        if endpoint in current_app.view_functions and may_ever(person, act)
    ]


def _if_there(endpoint: str) -> str:
    return fixed(endpoint) if endpoint in current_app.view_functions else ""
