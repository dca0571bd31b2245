"""What waits for this reader: open demands with their nearest day, and clocks of breaches that run."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.sections import row_of
from shelter.demands.models import BREACH, Breach, Demand
from shelter.demands.queries.breaches import ClockView, clock_of
from shelter.demands.queries.demands import demands
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.rules.demands import breach_clocks


@dataclass(frozen=True, slots=True)
class Waiting:
    """`due` is the nearest day of an open demand; `clocks` are of open breaches that nobody has kept yet."""

    demands: int = 0
    due: date | None = None
    late: bool = False
    clocks: list[ClockView] = field(default_factory=list)


def waiting(actor: Actor) -> Waiting:
    """Opens what is open and nothing else; one look each where nothing is."""
    found = Waiting()
    if may_ever(actor, Act.DEMANDS_KEEP) and _any(Demand):
        still = demands(actor, only_open=True)
        days = [one.about.due for one in still if one.about.due]
        found = Waiting(len(still), min(days, default=None), any(one.late for one in still))
    if may_ever(actor, Act.BREACHES_KEEP) and _any(Breach):
        rows = list(db.session.scalars(select(Breach).where(Breach.state == "open")))
        opened = open_each(actor, [row_of(row, BREACH) for row in rows], BREACH).values
        clocks = [clock_of(clock, about) for about in opened if about for clock in breach_clocks()]
        found.clocks.extend(sorted((one for one in clocks if one.told is None), key=lambda one: one.ends))
    return found


def _any(model: type[Demand] | type[Breach]) -> bool:
    return db.session.scalar(select(model.id).where(model.state == "open").limit(1)) is not None
