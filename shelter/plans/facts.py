"""What reports may know of a closing: the month, the reason, how she lives then and what she obtained."""

from shelter.clients.models import Client
from shelter.db.inbox import Coded, emit
from shelter.plans.models import Episode, EpisodeText
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind


def closed(actor: Actor, client: Client, episode: Episode, text: EpisodeText) -> None:
    """Tells the ledger, in the caller's transaction; codes of lists only, no words."""
    month = f"{text.closed_on.year:04d}-{text.closed_on.month:02d}"
    values: dict[str, str | int] = {
        "site": client.site_id.hex() if client.site_id else "",
        "month": month,
        "reason": text.reason,
        "living": text.living,
        "obtained": " ".join(sorted(text.obtained)),
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
