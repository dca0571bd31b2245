"""What reports may know of a closing: the month, the reason, how she lives then, what she obtained and whether
somebody carries on; and of a goal that was reached: the month and the part of life.

Exact records have the day of a closing, and the day on which the file goes on.
"""

from datetime import date

from msgspec.structs import replace

from shelter.clients.models import Client
from shelter.db.inbox import Coded, emit
from shelter.plans.models import Episode, EpisodeText, Goal, GoalText
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month


def closed(actor: Actor, client: Client, episode: Episode, text: EpisodeText) -> None:
    """Tells both ledgers, in the caller's transaction; codes of lists only, no words."""
    month = in_month(text.closed_on)
    values: dict[str, str | int] = {
        "site": client.site_id.hex() if client.site_id else "",
        "month": month,
        "reason": text.reason,
        "living": text.living,
        "obtained": " ".join(sorted(text.obtained)),
        "continued": text.continued,
    }
    coded = Coded(
        client=client.id,
        table="episode",
        row=episode.id,
        section="text",
        origin=Kind.ADVOCACY,
        version=episode.text_version,
        what="closing",
        values=values,
    )
    emit(actor, [coded])
    day = {"day": text.closed_on.isoformat()}
    dated = {name: value for name, value in values.items() if name != "month"}
    emit(actor, [replace(coded, values=dated | day)], into=Kind.EXACT)


def reopened(actor: Actor, client: Client, episode: Episode, day: date) -> None:
    """Tells the exact ledger that the file goes on: to some funders a new case."""
    coded = Coded(
        client=client.id,
        table="episode",
        row=episode.id,
        section="again",
        origin=Kind.ADVOCACY,
        version=episode.text_version,
        what="opening",
        values={"site": client.site_id.hex() if client.site_id else "", "day": day.isoformat(), "kind": "again"},
    )
    emit(actor, [coded], into=Kind.EXACT)


def goal(actor: Actor, client: Client, row: Goal, before: GoalText, after: GoalText) -> None:
    """Tells the ledger of a goal reached, or of one that is so no more; nothing where it says the same."""
    if (before.reached_on, before.area) != (after.reached_on, after.area) and (before.reached_on or after.reached_on):
        emit(actor, [of_goal(client, row, after)])


def of_goal(client: Client, row: Goal, text: GoalText) -> Coded:
    """Where it was reached; a deleted fact otherwise."""
    values: dict[str, str | int] = {}
    if text.reached_on:
        month = in_month(text.reached_on)
        site = client.site_id.hex() if client.site_id else ""
        values = {"site": site, "from": month, "until": month, "area": text.area}
    return Coded(
        client=client.id,
        table="goal",
        row=row.id,
        section="text",
        origin=Kind.ADVOCACY,
        version=row.text_version,
        what="goal",
        values=values,
        deleted=not values,
    )
