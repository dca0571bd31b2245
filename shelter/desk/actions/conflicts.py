"""Comparing a household's names with those who are here, and keeping the site's list of whom not to admit."""

from dataclasses import dataclass
from datetime import date, timedelta

from msgspec.structs import replace
from sqlalchemy import delete, func, select

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.db import db
from shelter.db.agency import Site
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.desk.asking import check_row, household_of, need_fresh, outlived, undo_until
from shelter.desk.models import (
    ANSWER,
    FINDINGS,
    NOT_ADMITTED,
    Answer,
    Ban,
    CheckSetting,
    CheckState,
    ConflictCheck,
    Finding,
    Findings,
    NotAdmitted,
)
from shelter.desk.queries.conflicts import names_told, those_here
from shelter.desk.upkeep import forget_let_in
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.policy.roles import Role
from shelter.rules.broken import Broken
from shelter.rules.clock import now, today
from shelter.rules.conflicts import compare
from shelter.rules.desk import check_limits
from shelter.trail.models import Trail
from shelter.trail.record import Unit, recorded

_HOUR = timedelta(hours=1)


def check(actor: Actor, code: str) -> CheckState:
    """Compares both ways and keeps the answer. Broken where the reader has checked too often in this hour."""
    with recorded(actor, Act.CONFLICTS_CHECK) as unit:
        client = _checked(actor, unit, code)
        _not_too_often(actor)
        people = household_of(client)
        names, here = names_told(actor, people), those_here(actor, people)
        unit.about(*(one.id for one in people), *here.residents)
        found = [
            Finding(hers=one.hers, what=one.what, ref=one.ref, likeness=round(one.likeness * 100))
            for one in compare(names.household, names.dangers, here.known)
        ]
        state = CheckState.POSSIBLE if found else CheckState.NOTHING
        _keep(
            actor,
            check_row(client) or ConflictCheck(client_id=client.id),
            state,
            Findings(found=found, left_out=here.left_out),
        )
        if found:
            _tell(actor, client)
        return state


def settle(actor: Actor, code: str, version: int, *, stands: bool, note: str) -> None:
    """Somebody has looked: the conflict stands, or there is none. Raises `Conflict` where a colleague was faster."""
    with recorded(actor, Act.CONFLICTS_CHECK) as unit:
        row = check_row(client := _checked(actor, unit, code))
        answered = open_section(actor, row, ANSWER) if row else None
        if row is None or not row.findings_version or answered is None or answered.state == CheckState.PENDING:
            raise Broken("desk.check_first")
        if outlived(client, answered):
            raise Broken("desk.check_first")
        old = open_section(actor, row, FINDINGS) or Findings()
        answer = Answer(state=CheckState.POSSIBLE if stands else CheckState.CLEARED, by=actor.id, at=now())
        save(actor, row, ANSWER, answer, version)
        words = Findings(found=old.found, left_out=old.left_out, note=note)
        save(actor, row, FINDINGS, words, row.findings_version)


def _checked(actor: Actor, unit: Unit, code: str) -> Client:
    client = scope.visible(actor, code, Act.CONFLICTS_SEE)
    unit.clause = scope.allowed(actor, Act.CONFLICTS_CHECK, client).clause
    unit.about(client.id)
    db.session.refresh(client, with_for_update=True)
    return client


def _not_too_often(actor: Actor) -> None:
    """A check can be used to ask who is here; the trail counts how often somebody asks."""
    limits = check_limits()
    mine = (Trail.actor_id == actor.id, Trail.act == Act.CONFLICTS_CHECK, Trail.at > now() - _HOUR)
    asked = db.session.scalar(select(func.count()).select_from(Trail).where(*mine)) or 0
    if asked >= limits.an_hour:
        raise Broken("desk.too_many_checks", None, {"checks": limits.an_hour})


def _keep(actor: Actor, row: ConflictCheck, state: CheckState, findings: Findings) -> None:
    answer = Answer(state=state, by=actor.id, at=now())
    if not row.answer_version:
        fill(actor, row, ANSWER, answer)
        fill(actor, row, FINDINGS, findings)
        db.session.add(row)
        return
    save(actor, row, ANSWER, answer, row.answer_version)
    save(actor, row, FINDINGS, findings, row.findings_version)


def _tell(actor: Actor, client: Client) -> None:
    """Supervisors of the site hear of a possible conflict at once."""
    sites = frozenset({client.site_id}) if client.site_id else actor.sites
    for reader in staff_at(sites, frozenset({Role.SUPERVISOR})):
        if reader != actor.id:
            notify(actor, reader, NoticeKind.CONFLICT, client.id, code=client.code)


def let_sleep_in(actor: Actor, site: bytes, may: bool) -> None:
    """Whether a household may sleep in at a site while its check waits."""
    with recorded(actor, Act.PLACES_MANAGE) as unit:
        unit.clause = require(actor, Act.PLACES_MANAGE).clause
        if site not in actor.sites:
            raise Missing
        row = db.session.get(CheckSetting, site)
        if row is None:
            row = CheckSetting(site_id=site)
            db.session.add(row)
        row.may_sleep_in = may


# -- the site's own list -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeepOut:
    """Somebody not to admit at a site, until somebody looks at it again on `review`."""

    site: bytes
    names: tuple[str, ...]
    looks: str
    reason: str
    review: date


def keep_out(actor: Actor, command: KeepOut) -> bytes:
    """A new line; its id, to take it back. Broken for a day of review that has passed, or that is too far off."""
    with recorded(actor, Act.BANS_KEEP) as unit:
        unit.clause = require(actor, Act.BANS_KEEP).clause
        if command.site not in actor.sites:
            raise Missing
        _review_in_reach(command.site, command.review)
        row = Ban(site_id=command.site)
        fill(actor, row, NOT_ADMITTED, _about(actor, command))
        db.session.add(row)
        return row.id


def review(actor: Actor, ban_id: bytes, command: KeepOut, version: int) -> None:
    """Looked at again: new words, a new day; what stood can be brought back for ten minutes.

    Raises `Conflict`, `Missing` for another site's line.
    """
    with recorded(actor, Act.BANS_KEEP) as unit:
        row = _ban(actor, unit, ban_id)
        _review_in_reach(row.site_id, command.review)
        old = open_section(actor, row, NOT_ADMITTED)
        was = replace(old, was=None) if old else None
        save(actor, row, NOT_ADMITTED, replace(_about(actor, command), was=was), version)


def let_in_again(actor: Actor, ban_id: bytes) -> None:
    """Nobody is kept out for good: off the list at once, and gone once it can no longer be taken back."""
    with recorded(actor, Act.BANS_KEEP) as unit:
        forget_let_in(now())
        row = _ban(actor, unit, ban_id)
        row.gone_at, row.gone_by = undo_until(), actor.id


def take_back_ban(actor: Actor, ban_id: bytes) -> bool:
    """Her own last act about a line: taken off the list (True: back on it), looked at again (False: as it stood before)
    or put on it (False: gone). `Missing` for the act of somebody else, or for a line that is gone; Broken where it is
    too late.
    """
    with recorded(actor, Act.BANS_KEEP) as unit:
        unit.clause = require(actor, Act.BANS_KEEP).clause
        row = db.session.get(Ban, ban_id, populate_existing=True)
        if row is None or row.site_id not in actor.sites:
            raise Missing
        if row.gone_at is not None:
            if row.gone_by != actor.id or row.gone_at <= now():
                raise Missing
            row.gone_at, row.gone_by = None, None
            return True
        about = open_section(actor, row, NOT_ADMITTED)
        if about is None:
            raise Missing
        need_fresh(actor, about.by, about.at)
        if about.was is not None:
            save(actor, row, NOT_ADMITTED, about.was, row.about_version)
            return False
        db.session.execute(delete(Ban).where(Ban.id == row.id))
        return False


def _ban(actor: Actor, unit: Unit, ban_id: bytes) -> Ban:
    unit.clause = require(actor, Act.BANS_KEEP).clause
    row = db.session.get(Ban, ban_id)
    if row is None or row.site_id not in actor.sites or row.gone_at is not None:
        raise Missing
    return row


def _about(actor: Actor, command: KeepOut) -> NotAdmitted:
    names = list(command.names)
    return NotAdmitted(
        names=names, looks=command.looks, reason=command.reason, review=command.review, by=actor.id, at=now()
    )


def _review_in_reach(site_id: bytes, day: date) -> None:
    site, longest = db.session.get_one(Site, site_id), check_limits().ban_longest_days
    days = (day - today(site.zone)).days
    if days <= 0:
        raise Broken("desk.review_passed", "review")
    if days > longest:
        raise Broken("desk.review_too_far", "review", {"days": longest})
