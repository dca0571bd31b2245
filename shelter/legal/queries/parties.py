"""Conflict of interest: the parties of a matter compared, inside the legal compartment, before it opens.

Nobody outside is asked, and the words compared reach no log; somebody without a scope over what was found learns only
that there is something.
"""

from dataclasses import dataclass

from sqlalchemy import select

from shelter.clients import directory, scope
from shelter.clients.models import Client, Identity, client_subject
from shelter.clients.queries.card import identities
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.keyring import keyring_of
from shelter.db.sections import SealedRow
from shelter.legal.models import TEXT, Matter
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.rules.duplicates import Described, nearest
from shelter.trail.record import note_search


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody near to a party: `client` whose name is like an adverse party's, or `adverse` in a matter of another
    client, who is like this one. `code` is "" where the reader may not know whose."""

    what: str
    code: str


def near_parties(actor: Actor, client: Client, adverse: tuple[str, ...]) -> tuple[Near, ...]:
    """The client herself, and who helps or pays for her, do not count against her."""
    found = {("client", one) for one in _clients_like(actor, adverse)}
    found |= {("adverse", one) for one in _adverse_like(actor, client)}
    codes = _codes(actor, {one for _, one in found if one != client.id})
    return tuple(sorted((Near(what, codes[one]) for what, one in found if one in codes), key=str))


def _clients_like(actor: Actor, adverse: tuple[str, ...]) -> set[bytes]:
    return {
        hit.client_id for name in adverse for hit in directory.nearest(actor, Identity(legal_name=name, aliases=[]))
    }


def _adverse_like(actor: Actor, client: Client) -> set[bytes]:
    """Clients in whose matters somebody like this client stands on the other side."""
    identity = identities(actor, [client]).get(client.id, Identity())
    herself = Described((identity.legal_name, *identity.aliases))
    columns = select(Matter.id, Matter.client_id, Matter.text, Matter.text_version)
    rows = list(db.session.execute(columns.where(Matter.client_id != client.id)))
    keyring = keyring_of(actor)
    rows = [row for row in rows if keyring.holds(Kind.LEGAL, row.client_id)]  # of a restricted client she holds none
    sealed = [SealedRow(row.id, client_subject(row.client_id), row.text_version, row.text) for row in rows]
    texts = open_each(actor, sealed, TEXT).values
    against = [(row.client_id, tuple(text.adverse)) for row, text in zip(rows, texts, strict=True) if text]
    named = [(one, names) for one, names in against if names]
    return {named[place][0] for place, _ in nearest(herself, [Described(names) for _, names in named])}


def _codes(actor: Actor, ids: set[bytes]) -> dict[bytes, str]:
    """Their codes, "" for those outside the reader's scope."""
    mine = select(Client.id, Client.code).where(Client.id.in_(ids), scope.scope(actor, Act.MATTERS_READ))
    codes = {row.id: row.code for row in db.session.execute(mine)}
    return {one: codes.get(one, "") for one in ids}


def near_of(actor: Actor, code: str, adverse: tuple[str, ...]) -> tuple[Near, ...]:
    """The same for the page that asks, of a client in the reader's scope. Raises `Missing`."""
    client = scope.visible(actor, code, Act.CLIENTS_READ, Act.MATTERS_READ)
    note_search(actor, Act.MATTERS_OPEN, {"compared": len(adverse)})
    return near_parties(actor, client, adverse)
