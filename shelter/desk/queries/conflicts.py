"""The conflict check: its answer for the desk, its reasons for who opens identities, and the site's own list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select

from shelter.accounts.queries import colleagues, names_of
from shelter.clients import scope
from shelter.clients.models import Client, Danger, Identity
from shelter.clients.queries import PersonCard, card
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.desk.asking import as_read, check_row, standing, state_now
from shelter.desk.models import (
    ANSWER,
    FINDINGS,
    NOT_ADMITTED,
    TOLD,
    Ban,
    CheckState,
    Finding,
    IntakeItem,
    NotAdmitted,
    Told,
)
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.kinds import Kind
from shelter.rules import conflicts as rule
from shelter.rules.clock import today
from shelter.stays.models import Stay, StayBed
from shelter.stays.queries import sites_now
from shelter.trail.record import note_read


@dataclass(frozen=True, slots=True)
class Check:
    """A household's check; `found`, `note` and `left_out` are empty for a reader who opens no identities."""

    state: CheckState | None
    by: str = ""
    at: datetime | None = None
    version: int = 0
    found: tuple[Finding, ...] = ()
    left_out: int = 0
    note: str = ""
    checks: bool = False


def check_of(actor: Actor, code: str) -> tuple[PersonCard, Check]:
    """`Missing` outside the reader's scope."""
    client = scope.visible(actor, code, Act.CONFLICTS_SEE)
    decision = scope.allowed(actor, Act.CONFLICTS_SEE, client)
    note_read(actor, Act.CONFLICTS_SEE, [client.id], decision.clause)
    checks = scope.may(actor, Act.CONFLICTS_CHECK, client)
    row = check_row(client)
    answer = open_section(actor, row, ANSWER) if row and actor.keyring.holds(Kind.SHELTER, row.client_id) else None
    if row is None or answer is None:
        return card(actor, client), Check(None, checks=checks)
    state, by = as_read(standing(client, answer), checks), names_of(actor, {answer.by}).get(answer.by, "")
    if not checks:
        return card(actor, client), Check(state, by, answer.at)
    findings = open_section(actor, row, FINDINGS)
    reasons = (tuple(findings.found), findings.left_out, findings.note) if findings else ((), 0, "")
    return card(actor, client), Check(state, by, answer.at, row.answer_version, *reasons, checks=True)


# -- what is compared -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a household and of who endangers it."""

    household: tuple[str, ...]
    dangers: tuple[str, ...]


def state_of(actor: Actor, client: Client) -> CheckState | None:
    """What the check of her household says, for the page of the person; None where nobody has asked."""
    if not scope.may(actor, Act.CONFLICTS_SEE, client):
        return None
    state = state_now(actor, client)
    return as_read(state, scope.may(actor, Act.CONFLICTS_CHECK, client)) if state else None


def names_told(actor: Actor, people: list[Client]) -> Names:
    """From their files, and from what the desk sealed away for those who have none yet."""
    known = identities(actor, _opening(actor, people)[0])
    items = list(db.session.scalars(select(IntakeItem).where(IntakeItem.client_id.in_([one.id for one in people]))))
    told = [open_section(actor, item, TOLD) or Told() for item in items]
    household = [name for one in known.values() for name in (one.legal_name, *one.aliases)]
    household += [one.legal_name for one in told]
    dangers = [name for one in known.values() for danger in one.dangers for name in _of_danger(danger)]
    dangers += [name for one in told for name in one.danger_names]
    return Names(tuple(filter(None, household)), tuple(filter(None, dangers)))


def _of_danger(danger: Danger) -> tuple[str, ...]:
    return (*danger.names, *danger.aliases)


@dataclass(frozen=True, slots=True)
class Compared:
    """Names already here, the residents they came from, and how many residents the reader holds no key of."""

    known: list[rule.Known]
    residents: frozenset[bytes]
    left_out: int


def those_here(actor: Actor, but: Iterable[Client]) -> Compared:
    """Residents of the agency with who endangers them, all colleagues, and every list of those not to admit.

    Names on papers and other names alone: what people like to be called is nobody's to be suspected for.
    """
    elsewhere = [_sleeps(), Client.id.not_in([one.id for one in but])]
    here = list(db.session.scalars(select(Client).where(*elsewhere, scope.within_keys(actor, Act.CONFLICTS_CHECK))))
    left_out = (db.session.scalar(select(func.count(Client.id)).where(*elsewhere)) or 0) - len(here)
    residents, no_key = _opening(actor, here)
    left_out += no_key
    opened = identities(actor, residents)
    known = [one for client in residents if client.id in opened for one in _resident(client, opened[client.id])]
    known += [rule.Known(rule.STAFF, one.working_name, (one.name,)) for one in colleagues(actor)]
    every_site = frozenset(db.session.scalars(select(Site.id)))
    known += [rule.Known(rule.BAN, one.id.hex(), tuple(one.about.names)) for one in _open_bans(actor, every_site)]
    return Compared(known, frozenset(opened), left_out + len(residents) - len(opened))


def _sleeps() -> ColumnElement[bool]:
    """Whoever has a bed at any site, tonight or from a day to come."""
    first = min((site.night.first for site in sites_now()), default=date.min)
    running = or_(StayBed.until_day.is_(None), StayBed.until_day > first)
    return exists().where(Stay.client_id == Client.id, Stay.state != "undone", StayBed.stay_id == Stay.id, running)


def _resident(client: Client, identity: Identity) -> list[rule.Known]:
    theirs = [name for danger in identity.dangers for name in _of_danger(danger)]
    return [
        rule.Known(rule.RESIDENT, client.code, (identity.legal_name, *identity.aliases)),
        *([rule.Known(rule.DANGER_OF, client.code, tuple(theirs))] if theirs else []),
    ]


def _opening(actor: Actor, people: list[Client]) -> tuple[list[Client], int]:
    """Those whose identity the reader holds a key of, and how many others there are."""
    held = [one for one in people if actor.keyring.holds(Kind.IDENTITY, one.id)]
    return held, len(people) - len(held)


# -- the site's own list -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BanView:
    """Somebody not to admit; `due` says that the day to look at it again has come."""

    id: bytes
    site: str
    version: int
    about: NotAdmitted
    by: str
    due: bool


def bans(actor: Actor) -> list[BanView]:
    """The lists of the reader's sites, what is to be looked at again first."""
    require(actor, Act.BANS_KEEP)
    note_read(actor, Act.BANS_KEEP, [])
    return sorted(_open_bans(actor, actor.sites), key=lambda one: one.about.review)


def ban_of(actor: Actor, ban_id: bytes) -> BanView:
    found = [one for one in bans(actor) if one.id == ban_id]
    if not found:
        raise Missing
    return found[0]


def _open_bans(actor: Actor, ids: frozenset[bytes]) -> list[BanView]:
    sites = {site.id: site for site in db.session.scalars(select(Site).where(Site.id.in_(ids)))}
    rows = list(db.session.scalars(select(Ban).where(Ban.site_id.in_(sites), Ban.gone_at.is_(None))))
    opened = open_each(actor, [row_of(row, NOT_ADMITTED) for row in rows], NOT_ADMITTED)
    pairs = [(row, about) for row, about in zip(rows, opened.values, strict=True) if about]
    names = names_of(actor, {about.by for _, about in pairs})
    return [_ban(row, about, sites[row.site_id], names) for row, about in pairs]


def _ban(row: Ban, about: NotAdmitted, site: Site, names: dict[bytes, str]) -> BanView:
    due = about.review <= today(site.zone)
    return BanView(row.id, site.code_name, row.about_version, about, names.get(about.by, ""), due)
