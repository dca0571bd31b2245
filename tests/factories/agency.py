"""A small real agency for tests: two stewards, a kit, three sites, and a cast with one role each.

The cast: director, preparer, caseworker, caseworker_two, supervisor, advocate, legal_supervisor, desk,
volunteer, auditor, administrator, steward, steward_two, and a stranger who works at another site.
"""

import os
import secrets
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask
from sqlalchemy import Table, insert, select

from config import Settings
from shelter.accounts.enrolling import NewColleague, account, give_keys, name_her
from shelter.accounts.keys import Factors, OwnKeys
from shelter.accounts.models import Staff, StaffSite
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.crypto import totp
from shelter.crypto.kit import Kit, kit_from_seed, new_seed
from shelter.db import Base, db, new_id
from shelter.db.agency import Agency, Site
from shelter.db.deployment import deploy, deployment
from shelter.db.transaction import write_transaction
from shelter.policy.actor import Actor
from shelter.policy.roles import Role
from shelter.stewards.founding import found
from shelter.stewards.membership import bind, deliver, leave_what_is_not_mine
from shelter.trail.record import recorded

CAST: dict[str, tuple[frozenset[Role], str]] = {
    "steward": (frozenset({Role.STEWARD}), "north"),
    "steward_two": (frozenset({Role.STEWARD}), "north"),
    "administrator": (frozenset({Role.ADMINISTRATOR}), "north"),
    "auditor": (frozenset({Role.AUDITOR}), "north"),
    "director": (frozenset({Role.DIRECTOR}), "north"),
    "preparer": (frozenset({Role.PREPARER}), "north"),
    "supervisor": (frozenset({Role.SUPERVISOR}), "north"),
    "caseworker": (frozenset({Role.CASEWORKER}), "north"),
    "caseworker_two": (frozenset({Role.CASEWORKER}), "north"),
    "advocate": (frozenset({Role.LEGAL_ADVOCATE}), "north"),
    "legal_supervisor": (frozenset({Role.LEGAL_SUPERVISOR}), "north"),
    "desk": (frozenset({Role.SHELTER_STAFF}), "north"),
    "volunteer": (frozenset({Role.VOLUNTEER}), "north"),
    "stranger": (frozenset({Role.CASEWORKER}), "south"),
}


@dataclass(slots=True)
class Member:
    """One of the cast, with what she knows by heart."""

    id: bytes
    sign_in_name: str
    passphrase: str
    totp_secret: bytes
    keys: OwnKeys


@dataclass(slots=True)
class World:
    """A founded agency inside an app context."""

    settings: Settings
    kit: Kit
    kit_seed: bytes
    sites: dict[str, bytes]
    members: dict[str, Member]

    def actor(self, who: str) -> Actor:
        """Signs in as somebody, without the form: her keys, roles and sites as they are now."""
        member = self.members[who]
        return actor_for(member.keys.uk, member.keys.uk_id, member.id)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A founded world of this process: every row of it, and what is not in the database."""

    world: World
    rows: list[tuple[Table, list[dict[str, Any]]]]
    agency: bytes
    fingerprint: bytes


_kept: dict[tuple[bool, bytes], _Kept] = {}


def make_world(app: Flask, *, fictional: bool = False) -> World:
    """A founded agency in an empty database; founded truly once in a process, then its rows are laid down again."""
    settings: Settings = app.extensions["shelter_settings"]
    kept = _kept.get((fictional, settings.pepper))
    if kept is None:
        world = _found_world(app, fictional=fictional)
        place = deployment()
        assert place.fingerprint is not None
        _kept[fictional, settings.pepper] = _Kept(deepcopy(world), _all_rows(), place.agency, place.fingerprint)
        return world
    with write_transaction():
        for table, rows in kept.rows:
            db.session.execute(insert(table), rows)
    deploy(replace(deployment(), agency=kept.agency, fingerprint=kept.fingerprint, fictional=fictional))
    return replace(deepcopy(kept.world), settings=settings)


def _all_rows() -> list[tuple[Table, list[dict[str, Any]]]]:
    """Every row of every table, in an order in which they can be inserted."""
    found = [
        (table, [dict(row) for row in db.session.execute(select(table)).mappings()])
        for table in Base.metadata.sorted_tables
    ]
    db.session.commit()
    return [(table, rows) for table, rows in found if rows]


def _found_world(app: Flask, *, fictional: bool) -> World:
    """Founds the agency and everybody in it through the same functions that setup uses."""
    settings: Settings = app.extensions["shelter_settings"]
    agency = os.urandom(16)
    deploy(replace(deployment(), agency=agency, fictional=fictional))
    seed = new_seed()
    kit = kit_from_seed(seed, agency=agency, number=1)
    world = World(settings, kit, seed, {}, {})
    with recorded(None, "founded"):
        db.session.add(
            Agency(
                id=agency,
                name_on_screen="Test House",
                zone="America/Los_Angeles",
                fictional=fictional,
                ready=True,
            )
        )
        for name in ("north", "south", "east"):
            site = Site(code_name=f"{name.title()} House", zone="America/Los_Angeles")
            db.session.add(site)
            world.sites[name] = site.id
        db.session.flush()
        founders = [_founder(world, who) for who in ("steward", "steward_two")]
        founded = found(agency, [world.members[w].keys for w in ("steward", "steward_two")], kit, fictional=fictional)
    deploy(replace(deployment(), fingerprint=founded.fingerprint))
    _name_founders(world, founders)
    _admit_the_rest(world)
    return world


def _new(who: str, world: World) -> NewColleague:
    roles, site = CAST[who]
    return NewColleague(
        f"{who.replace('_', '-')}-{secrets.token_hex(2)}",
        f"{who} Name",
        who.title(),
        roles,
        (world.sites[site],),
    )


def _founder(world: World, who: str) -> Staff:
    new = replace(_new(who, world), sites=())
    staff = account(None, new, state="active", founder=True)
    _keys(world, who, staff)
    return staff


def _keys(world: World, who: str, staff: Staff) -> None:
    secret, passphrase = totp.new_secret(), f"passphrase of {who} {secrets.token_hex(4)}"
    keys = give_keys(staff, passphrase, Factors(totp_secret=secret))
    world.members[who] = Member(staff.id, staff.sign_in_name, passphrase, secret, keys)


def _name_founders(world: World, founders: list[Staff]) -> None:
    with recorded(None, "named"):
        for staff, who in zip(founders, ("steward", "steward_two"), strict=True):
            name_her(world.actor(who), staff, _new(who, world))
            db.session.add(StaffSite(staff_id=staff.id, site_id=world.sites["north"]))


def _admit_the_rest(world: World) -> None:
    for who in CAST:
        if who in world.members:
            continue
        with recorded(world.actor("steward"), "admitted"):
            staff = account(world.actor("steward"), _new(who, world))
            _keys(world, who, staff)
            bind(world.actor("steward_two"), staff)
    with recorded(world.actor("steward"), "delivered"):
        deliver(world.actor("steward"))
    with recorded(None, "taken-in"):
        for member in world.members.values():
            take_in_grants(member.keys)
    for who in ("steward", "steward_two"):
        with recorded(world.actor(who), "left-rosters"):
            leave_what_is_not_mine(world.actor(who))


def join(world: World, who: str, *roles: Role, site: str = "north") -> Actor:
    """Somebody who came later, with the keys of her roles."""
    new = NewColleague(
        f"{who}-{secrets.token_hex(2)}", f"{who} Name", who.title(), frozenset(roles), (world.sites[site],)
    )
    with recorded(world.actor("steward"), "admitted"):
        staff = account(world.actor("steward"), new)
        _keys(world, who, staff)
        bind(world.actor("steward_two"), staff)
    for member in [one for one in world.members if one != who]:
        with recorded(world.actor(member), "delivered"):
            deliver(world.actor(member))
    with recorded(None, "taken-in"):
        take_in_grants(world.members[who].keys)
    return world.actor(who)


def anybody() -> bytes:
    return new_id()
