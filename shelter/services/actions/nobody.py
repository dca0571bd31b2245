"""Counting what belongs to nobody: calls, talks, outreach, surveys, needs that were not met."""

from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace
from sqlalchemy import func, select

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section, save
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.picklists import picklists
from shelter.services import facts
from shelter.services.models import COUNT, CountText, NobodysCount
from shelter.trail.record import recorded


@dataclass(frozen=True, slots=True)
class CountNobody:
    """At one of her sites; which of the numbers are asked depends on the kind."""

    site: bytes
    kind: str
    on: date
    times: int = 1
    people: int = 0
    minutes: int | None = None
    flags: tuple[str, ...] = ()
    about: str = ""
    harm: tuple[str, ...] = ()
    returned: int = 0
    safer: int = 0
    knows_more: int = 0
    words: str = ""


def count_nobody(actor: Actor, command: CountNobody) -> bytes:
    """The id of the count."""
    _require_sound(command)
    with recorded(actor, Act.SERVICES_COUNT) as unit:
        unit.clause = require(actor, Act.SERVICES_COUNT).clause
        if command.site not in actor.sites:
            raise Missing
        last = db.session.scalar(select(func.max(NobodysCount.place)).where(NobodysCount.site_id == command.site))
        row = NobodysCount(site_id=command.site, place=(last or 0) + 1)
        text = CountText(
            kind=command.kind,
            on=command.on,
            by=actor.id,
            at=now(),
            times=command.times,
            people=command.people,
            minutes=command.minutes,
            flags=list(command.flags),
            about=command.about,
            harm=list(command.harm),
            returned=command.returned,
            safer=command.safer,
            knows_more=command.knows_more,
            words=command.words,
        )
        fill(actor, row, COUNT, text)
        db.session.add(row)
        facts.counted(actor, row, text)
    return row.id


def take_count_back(actor: Actor, count: bytes) -> None:
    """The undo of a count; once taken back it stays so."""
    with recorded(actor, Act.SERVICES_COUNT) as unit:
        unit.clause = require(actor, Act.SERVICES_COUNT).clause
        row = db.session.get(NobodysCount, count, populate_existing=True)
        text = open_section(actor, row, COUNT) if row and row.site_id in actor.sites else None
        if row is None or text is None or text.taken_back or text.by != actor.id:
            raise Missing
        text = replace(text, taken_back=True)
        save(actor, row, COUNT, text, made_from=row.text_version)
        facts.counted(actor, row, text)


def _require_sound(command: CountNobody) -> None:
    if command.kind not in {one.code for one in picklists()["nobody_counts"].choices}:
        raise Broken("services.unknown-count", field="kind")
    if not {one.code for one in picklists()["victimisations"].choices}.issuperset(command.harm):
        raise Broken("services.unknown-harm", field="harm")
    if command.on > agency_today():
        raise Broken("services.future", field="on")
    if command.returned > command.times:
        raise Broken("services.more-back-than-out", field="returned")
    if max(command.safer, command.knows_more) > command.returned:
        field = "safer" if command.safer > command.returned else "knows_more"
        raise Broken("services.more-yes-than-back", field=field)
