"""What reports may know of a matter: the client's site, from which month, until which, and of which kind it is."""

from collections.abc import Iterable

from shelter.clients.models import Client
from shelter.db.inbox import Coded, emit
from shelter.lawbook import queries as lawbook
from shelter.legal.models import Matter, MatterText
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.coarse import in_month

_KINDS = {
    "t_visa": "t-visa",
    "t_family": "t-visa",
    "u_visa": "u-visa",
    "u_family": "u-visa",
    "asylum": "asylum",
    "vawa": "vawa",
    "removal_defense": "removal",
}
"""Groups of kinds that many have; all others are one group."""
OUTCOMES = {
    "adjustment": "granted",
    "benefits": "granted",
    "card": "granted",
    "court_granted": "granted",
    "destroyed": "granted",
    "in_hand": "granted",
    "judgment": "granted",
    "paid": "granted",
    "settled": "granted",
    "denied": "denied",
    "declined": "denied",
    "withdrawn": "withdrawn",
    "closed": "ended",
    "ended": "ended",
}
"""What a stage that ends a matter says of it: she has what she asked for, was refused, did not go on, or it is over."""


def changed(actor: Actor, client: Client, matter: Matter, text: MatterText) -> None:
    """Tells the ledger, in the caller's transaction, after the matter's text was sealed."""
    emit(actor, [of_matter(client, matter, text)])


def gone(actor: Actor, matters: Iterable[tuple[bytes, bytes]]) -> None:
    """The ledger hears that matters (client, row) of the first version are no more."""
    told = [
        Coded(
            client=client,
            table="matter",
            row=row,
            section="text",
            origin=Kind.LEGAL,
            version=2,
            what="matter",
            values={},
            deleted=True,
        )
        for client, row in matters
    ]
    emit(actor, told)


def of_matter(client: Client, matter: Matter, text: MatterText) -> Coded:
    """`until` and `outcome` are of the stage that ends it; `until` is "" while it is open."""
    values: dict[str, str | int] = {
        "site": client.site_id.hex() if client.site_id else "",
        "from": in_month(text.opened_on),
        "until": "",
        "matter": _KINDS.get(text.type, "other"),
    }
    if _is_over(text):
        values |= {"until": in_month(text.moves[-1].on), "outcome": OUTCOMES[text.stage]}
    return Coded(
        client=client.id,
        table="matter",
        row=matter.id,
        section="text",
        origin=Kind.LEGAL,
        version=matter.text_version,
        what="matter",
        values=values,
    )


def _is_over(text: MatterText) -> bool:
    return bool(text.moves) and lawbook.matter_type(text.type).stage(text.stage).ends
