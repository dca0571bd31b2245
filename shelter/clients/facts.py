"""What reports may know of a client: the year of her birth, and nothing else."""

from collections.abc import Iterable

from shelter.clients.models import Client, Identity
from shelter.db.inbox import Coded, emit
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind


def changed(actor: Actor, client: Client, identity: Identity) -> None:
    """Tells the ledger, in the caller's transaction, after the identity was sealed."""
    emit(actor, [of_client(client.id, client.identity_version, identity)])


def changed_many(actor: Actor, clients: Iterable[tuple[bytes, int, Identity]]) -> None:
    """The same for (id, version of the identity, identity) of many, as an import has them."""
    emit(actor, [of_client(*one) for one in clients])


def of_client(client_id: bytes, version: int, identity: Identity) -> Coded:
    """`born` is a year, 0 where she did not tell it."""
    return Coded(
        client=client_id,
        table="client",
        row=client_id,
        section="identity",
        origin=Kind.IDENTITY,
        version=version,
        what="person",
        values={"born": identity.birth.year or 0},
    )
