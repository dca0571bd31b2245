"""Founding the fictional agency, through the same functions that a real setup uses."""

import os
from dataclasses import replace

from flask import Flask

from config import Settings
from shelter.accounts.enrolling import NewColleague, account, give_keys, name_her
from shelter.accounts.keys import Factors, OwnKeys
from shelter.accounts.models import Staff, StaffSite
from shelter.accounts.people import actor_for
from shelter.accounts.taking_in import take_in_grants
from shelter.cli.demo.staff import SITES, STAFF, ZONE, Invented
from shelter.crypto.kit import kit_from_seed, new_seed
from shelter.db import db
from shelter.db.agency import Agency, Site
from shelter.db.deployment import deploy, deployment
from shelter.policy.actor import Actor
from shelter.policy.roles import Role
from shelter.stewards.founding import found
from shelter.stewards.membership import bind, deliver, leave_what_is_not_mine
from shelter.trail.record import recorded


class FictionalAgency:
    """The founded agency while it is being filled: sites by place, and everybody's actor by user name."""

    def __init__(self, settings: Settings, sites: list[bytes], keys: dict[str, OwnKeys]) -> None:
        self.settings = settings
        self.sites = sites
        self.keys = keys

    def actor(self, username: str) -> Actor:
        own = self.keys[username]
        return actor_for(own.uk, own.uk_id, own.user_id)


def found_fictional_agency(app: Flask) -> FictionalAgency:
    """Agency, sites, staff and keys; call inside an app context of an empty, migrated database."""
    settings: Settings = app.extensions["shelter_settings"]
    agency_id = os.urandom(16)
    deploy(replace(deployment(), agency=agency_id, fictional=True))
    kit = kit_from_seed(new_seed(), agency=agency_id, number=1)
    keys: dict[str, OwnKeys] = {}
    founders = [one for one in STAFF if Role.STEWARD in one.roles]
    with recorded(None, "founded"):
        db.session.add(Agency(id=agency_id, name_on_screen="Harbor Coalition", zone=ZONE, fictional=True, ready=True))
        sites = [Site(code_name=name, zone=ZONE, open_to_caseworkers=name == "Lake House") for name in SITES]
        db.session.add_all(sites)
        db.session.flush()
        site_ids = [site.id for site in sites]
        rows = {one.username: _founder(one, keys) for one in founders}
        made = found(agency_id, [keys[one.username] for one in founders], kit, fictional=True)
    deploy(replace(deployment(), fingerprint=made.fingerprint))
    agency = FictionalAgency(settings.founded(agency_id, made.fingerprint, fictional=True), site_ids, keys)
    _name_founders(agency, founders, rows)
    _admit(agency)
    return agency


def _founder(one: Invented, keys: dict[str, OwnKeys]) -> Staff:
    staff = account(None, _new(one, ()), state="active", founder=True)
    keys[one.username] = give_keys(staff, one.passphrase, Factors())
    return staff


def _new(one: Invented, sites: tuple[bytes, ...]) -> NewColleague:
    return NewColleague(one.username, one.name, one.working_name, frozenset(one.roles), sites)


def _name_founders(agency: FictionalAgency, founders: list[Invented], rows: dict[str, Staff]) -> None:
    with recorded(None, "named"):
        for one in founders:
            name_her(agency.actor(one.username), rows[one.username], _new(one, ()))
            db.session.add(StaffSite(staff_id=rows[one.username].id, site_id=agency.sites[0]))


def _admit(agency: FictionalAgency) -> None:
    first, second = (one.username for one in STAFF if Role.STEWARD in one.roles)
    for one in STAFF:
        if one.username in agency.keys:
            continue
        with recorded(agency.actor(first), "admitted"):
            sites = tuple(agency.sites[place] for place in one.sites)
            staff = account(agency.actor(first), _new(one, sites))
            agency.keys[one.username] = give_keys(staff, one.passphrase, Factors())
            bind(agency.actor(second), staff)
    with recorded(agency.actor(first), "delivered"):
        deliver(agency.actor(first))
    with recorded(None, "taken-in"):
        for own in agency.keys.values():
            take_in_grants(own)
    for who in (first, second):
        with recorded(agency.actor(who), "left-rosters"):
            leave_what_is_not_mine(agency.actor(who))
