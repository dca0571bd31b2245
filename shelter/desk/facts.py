"""What reports may know of a request that could not be met: where, which month, how many, why; never who."""

from shelter.db.inbox import Coded, emit
from shelter.desk.models import RequestTurnedAway, TurnedAway
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month


def turned_away(actor: Actor, row: RequestTurnedAway, value: TurnedAway, *, gone: bool = False) -> None:
    """Tells the ledger, in the caller's transaction; the request stands for itself, as there is no client."""
    values: dict[str, str | int] = {
        "site": row.site_id.hex(),
        "month": in_month(value.day),
        "adults": value.adults,
        "children": value.children,
        "reason": value.reason,
    }
    coded = Coded(
        client=row.id,
        table="turned_away",
        row=row.id,
        section="request",
        origin=Kind.SHELTER,
        version=row.request_version + gone,
        what="turned_away",
        values={} if gone else values,
        deleted=gone,
    )
    emit(actor, [coded])
