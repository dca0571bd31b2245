"""The rules as they stand here, with what each would do today: the dry run. Counts alone; nothing is opened."""

from dataclasses import dataclass

from sqlalchemy import func, select

from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.erasing.models import LegalHold
from shelter.erasing.queries import over
from shelter.erasing.queries.due import due_files
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.limits import Limit, limits
from shelter.rules.retention import Kept, retention
from shelter.settings.queries import limit

WIDER = (-2, -1, 0, 1)
"""Years beside the rule of today for which the dry run counts too; of days, half and twice as many."""


@dataclass(frozen=True, slots=True)
class RuleView:
    """`tried` are (number, how many would be marked or purged today) for numbers beside the one in force."""

    kept: Kept
    limit: Limit
    value: int
    tried: tuple[tuple[int, int], ...] = ()


def rules(actor: Actor) -> tuple[list[RuleView], int]:
    """Each rule, and how many people a hold protects."""
    require(actor, Act.ERASINGS_SEE)
    held = db.session.scalar(select(func.count(func.distinct(LegalHold.client_id))).where(LegalHold.ended.is_(False)))
    return [_view(one) for one in retention()], held or 0


def _view(kept: Kept) -> RuleView:
    known = limits()[kept.limit]
    value = limit(kept.limit)
    beside = [value + more for more in WIDER] if known.unit == "years" else [value // 2, value, value * 2]
    numbers = [one for one in beside if known.least <= one <= known.most]
    return RuleView(kept, known, value, tuple((one, _would(kept, one)) for one in numbers))


def _would(kept: Kept, number: int) -> int:
    return over.count(kept.code, agency_today(), number) if kept.by == "clock" else _count(kept.code, number)


def _count(scope: str, years: int) -> int:
    marked = due_files(scope, agency_today(), years).subquery()
    return db.session.scalar(select(func.count()).select_from(Client).where(Client.id.in_(select(marked.c.id)))) or 0
