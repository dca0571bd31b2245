"""Starting a real agency: one link, two people (or one and the kit), one test record that each has opened.

Until the last step the configuration holds no fingerprint and nothing but setup is served.
"""

from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Select, delete, select

from shelter.accounts import drafts, invitations, keys, offers, sessions
from shelter.accounts.actions import Link
from shelter.accounts.enrolling import NewColleague, account, free_sign_in_name, name_her, refuse_clashes
from shelter.accounts.keys import OwnKeys, Pin
from shelter.accounts.models import STAFF_HOUSE, SignedIn, Staff, StaffRole
from shelter.accounts.offers import Chosen, Offer
from shelter.accounts.people import actor_for
from shelter.accounts.signing_in import SignIn, prove
from shelter.crypto.errors import Unopenable
from shelter.crypto.kit import kit_from_seed, kit_sheet, new_seed
from shelter.db import db
from shelter.db.agency import Agency, Site
from shelter.db.deployment import deploy, deployment, settings
from shelter.db.errors import Missing
from shelter.db.keystore import Compartment, KeyDek, KeyGrant, KeyStatement, KeyUser, KeyVersion
from shelter.db.roll import current_roll
from shelter.db.sections import open_section
from shelter.policy.actor import Actor
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.stewards.founding import found
from shelter.stewards.kit_member import kit_as_actor
from shelter.stewards.seconds import kit_of
from shelter.stewards.setup_link import State, forget, read, write
from shelter.trail.record import recorded

KIT = "kit"
MOST_FOUNDERS = 2
_NAMES = "setup/founder"


@dataclass(frozen=True, slots=True)
class Begin:
    """The agency and its first site."""

    name: str
    site: str
    zone: str
    night_begins: int
    exit_url: str


@dataclass(frozen=True, slots=True)
class Founder:
    """The first steward or the second; `roles` are what she does besides."""

    name: str
    working_name: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class FounderOnScreen:
    id: bytes
    sign_in_name: str
    opened: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far setup is: `step` is the page that comes next."""

    step: str
    founders: list[FounderOnScreen]
    kit_opened: bool
    administrator: str

    @property
    def is_proved(self) -> bool:
        return sum(one.opened for one in self.founders) + self.kit_opened >= 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """The recovery kit as printed: shown once, kept nowhere."""

    key: list[str]
    agency: list[str]
    number: int


# -- step by step ------------------------------------------------------------------


def progress(state: State) -> Progress:
    """What is there, read from the database."""
    founders = [
        FounderOnScreen(row.id, row.sign_in_name, row.id.hex() in state.opened)
        for row in db.session.scalars(_founders())
    ]
    admin = db.session.scalar(
        select(Staff.sign_in_name)
        .join(StaffRole, StaffRole.staff_id == Staff.id)
        .where(StaffRole.role == Role.ADMINISTRATOR)
    )
    here = Progress("", founders, KIT in state.opened, admin or "")
    if db.session.scalar(select(Agency.id)) is None:
        step = "setup_agency"
    elif not founders:
        step = "setup_founder"
    elif not state.fingerprint:
        step = "setup_second"
    elif not here.is_proved:
        step = "setup_prove"
    else:
        step = "setup_finish" if admin else "setup_administrator"
    return replace(here, step=step)


def _founders() -> Select[Staff]:
    steward = select(StaffRole.staff_id).where(StaffRole.role == Role.STEWARD)
    return select(Staff).where(Staff.founder, Staff.id.in_(steward)).order_by(Staff.sign_in_name)


def begin_agency(command: Begin) -> None:
    """Writes, or writes again, what stands on every page and the first site."""
    if db.session.scalars(_founders()).first() is not None:
        raise Missing
    with recorded(None, "setup-agency"):
        db.session.execute(delete(Site))
        db.session.execute(delete(Agency))
        exit_url = command.exit_url or "/away"
        place = {"zone": command.zone, "night_begins": command.night_begins}
        agency = Agency(id=deployment().agency, name_on_screen=command.name, exit_url=exit_url, **place)
        db.session.add_all([agency, Site(code_name=command.site, **place)])


def make_founder(command: Founder, offer: Offer, chosen: Chosen) -> bytes:
    """A founder with keys of her own; the sid of her session in setup. Raises Broken or Busy."""
    roles = command.roles | {Role.STEWARD}
    refuse_clashes(roles)
    step = offers.check(offer, chosen, invitations.own_words(command.name, command.working_name))
    new = NewColleague(free_sign_in_name(), "", "", roles, tuple(db.session.scalars(select(Site.id))))
    row, own = keys.make(new.id, offers.settled(offer, chosen), keys.Factors(totp_secret=offer.secret))
    row.totp_step = step
    with recorded(None, "setup-founder"):
        if len(list(db.session.scalars(_founders()))) >= MOST_FOUNDERS:
            raise Missing
        staff = account(None, new, state="active", founder=True)
        db.session.add(row)
        sid = sessions.start(staff, own.uk, own.uk_id, "totp")
    her = actor_for(own.uk, own.uk_id, new.id)
    drafts.keep(her, _NAMES, [("name", command.name), ("working_name", command.working_name)])
    return sid


def make_keys(state: State, sids: list[bytes]) -> Sheet:
    """Genesis, signed by every founder here and the kit; every compartment's first key; the kit's sheet.

    May be done again until it was proved, for a sheet that was lost: then everything is made anew.
    Raises Broken where a founder is not at this desk.
    """
    owners = _founders_here(sids)
    seed, agency = new_seed(), deployment().agency
    kit = kit_from_seed(seed, agency=agency, number=1)
    with recorded(None, "founded"):
        for table in (KeyStatement, KeyVersion, KeyGrant, KeyDek, Compartment):
            db.session.execute(delete(table))
        made = found(agency, owners, kit, fictional=False)
    for own in owners:
        _name(actor_for(own.uk, own.uk_id, own.user_id))
    write(msgspec.structs.replace(state, fingerprint=made.fingerprint.hex(), opened=[]))
    key, whose = kit_sheet(seed, number=1, agency=agency, fingerprint=made.fingerprint)
    return Sheet(key, whose, 1)


def _founders_here(sids: list[bytes]) -> list[OwnKeys]:
    found_here = [one for sid in sids if (one := sessions.find(sid))]
    owners = [keys.open_under(db.session.get_one(KeyUser, one.row.staff_id), one.uk) for one in found_here]
    if {own.user_id for own in owners} != {staff.id for staff in db.session.scalars(_founders())}:
        raise Broken("stewards.founder-session")
    return owners


def _name(founder: Actor) -> None:
    """Her name, so far under her own key alone, goes where colleagues read it."""
    kept = drafts.find(founder, _NAMES)
    fields = dict(kept.fields) if kept else {}
    with recorded(founder, "named"):
        staff = db.session.get_one(Staff, founder.id, populate_existing=True)
        name_her(founder, staff, NewColleague("", fields.get("name", ""), fields.get("working_name", ""), frozenset()))


# -- the proof -----------------------------------------------------------------------


def open_as_founder(state: State, attempt: SignIn) -> str:
    """A founder opens the test record with what she typed just now; returns what stood in it.

    Raises Refused, TooSoon or Busy as signing in does, Unopenable where the record does not open.
    """
    own = prove(attempt, "setup-proof")
    read = _test_record(actor_for(own.uk, own.uk_id, own.user_id))
    _opened(state, own.user_id.hex())
    return read


def open_as_kit(state: State, typed: str) -> str:
    """The kit opens every compartment and the test record. Raises Broken for a sheet that is not this kit's."""
    roll = current_roll()
    kit = kit_as_actor(kit_of(typed, roll), roll)
    with recorded(None, "setup-proof-kit"):
        read = _test_record(kit)
    _opened(state, KIT)
    return read


def _test_record(opener: Actor) -> str:
    """A founder's own sealed record: as real as any that will follow."""
    first = db.session.scalars(_founders()).first()
    opened = open_section(opener, first, STAFF_HOUSE) if first else None
    if opened is None or not opened.name:
        raise Unopenable
    return opened.name


def _opened(state: State, who: str) -> None:
    current = read()
    write(msgspec.structs.replace(current, opened=sorted({*current.opened, who})))


# -- the first administrator, and the end ---------------------------------------------


def make_administrator(name: str, working_name: str, sids: list[bytes]) -> Link:
    """The first account, made by a founder; made again, it only gets a new link."""
    maker = _a_founder_here(sids)
    with recorded(maker, "account-invited"):
        staff = db.session.scalars(
            select(Staff).join(StaffRole, StaffRole.staff_id == Staff.id).where(StaffRole.role == Role.ADMINISTRATOR)
        ).first()
        if staff is None:
            sites = tuple(db.session.scalars(select(Site.id)))
            roles = frozenset({Role.ADMINISTRATOR})
            staff = account(maker, NewColleague(free_sign_in_name(), name, working_name, roles, sites), founder=True)
        return Link(staff.id, staff.sign_in_name, invitations.new_link(staff))


def _a_founder_here(sids: list[bytes]) -> Actor:
    own = _founders_here(sids)[0]
    return actor_for(own.uk, own.uk_id, own.user_id)


def finish(state: State, sids: list[bytes]) -> None:
    """Writes the fingerprint into the configuration; from here on the agency is served. Raises Broken before."""
    here = progress(state)
    if not here.is_proved:
        raise Broken("stewards.not-proved")
    if not here.administrator:
        raise Broken("stewards.no-administrator")
    fingerprint = bytes.fromhex(state.fingerprint)
    roll = current_roll()
    if roll.fingerprint != fingerprint:
        raise Unopenable
    with recorded(None, "set-up"):
        for own in _founders_here(sids):
            row = db.session.get_one(KeyUser, own.user_id)
            keys.set_pin(row, own, Pin(fingerprint=fingerprint, seq=roll.head.seq, hash=roll.head.hash))
        db.session.execute(delete(SignedIn))
        agency = db.session.get_one(Agency, deployment().agency)
        agency.ready = True
    settings().founded(deployment().agency, fingerprint, fictional=False)
    deploy(replace(deployment(), fingerprint=fingerprint))
    forget()


def link_for_a_lost_one() -> Link | None:
    """A new link for the first administrator, while no administrator has ever come in; holds no key."""
    rows = list(
        db.session.scalars(
            select(Staff).join(StaffRole, StaffRole.staff_id == Staff.id).where(StaffRole.role == Role.ADMINISTRATOR)
        )
    )
    if len(rows) != 1 or rows[0].state != "invited":
        return None
    with recorded(None, "account-link"):
        return Link(rows[0].id, rows[0].sign_in_name, invitations.new_link(rows[0]))
