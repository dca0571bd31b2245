"""The one door through which anything about a person leaves: a disclosure is written under a live release, or not made.

For every room that sends something out. It asks for the release it goes under, inside the transaction of its own act:

    with refusals_written(actor), recorded(actor, Act.REFERRALS_WRITE) as unit:
        client = scope.for_change(actor, unit, code, Act.REFERRALS_WRITE)
        to = disclose(actor, unit, client, Share(release, ("name", "needs"), "phone"))
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.db.errors import Missing
from shelter.db.sections import fill, open_section
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.models import SHARED, TERMS, Copied, Disclosure, Release, Shared, Terms
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.consent import Standing, require_covered
from shelter.trail.record import Unit, record_alone

REFUSED = "refused:release"
"""The act of the trail for what did not leave."""


@dataclass(frozen=True, slots=True)
class Share:
    """What would leave: under which release, exactly which items (codes of `release_items`), by which way.

    A copy of a paper says in `copied` of which: the release has to name that kind of paper.
    """

    release: bytes
    items: tuple[str, ...]
    method: str
    note: str = ""
    copied: Copied | None = None


class NotCovered(Broken):
    """No live release covers this; whose it would have been, so that the refusal can be written down."""

    def __init__(self, broken: Broken, client: bytes) -> None:
        super().__init__(broken.message_key, broken.field, broken.values)
        self.client = client


@contextmanager
def refusals_written(actor: Actor) -> Iterator[None]:
    """Around the transaction of a disclosure: what is refused is written down by itself, after nothing was saved."""
    try:
        yield
    except NotCovered as refused:
        record_alone(actor, REFUSED, refused.client)
        raise


def disclose(actor: Actor, unit: Unit, client: Client, share: Share) -> Terms:
    """Writes down that this leaves, in the caller's transaction; the terms it leaves under.

    Raises `NotCovered` unless the release is hers, live today and names each item and the way; `Denied` for
    whoever may not disclose.
    """
    scope.allowed(actor, Act.RELEASES_DISCLOSE, client)
    terms = _terms(actor, client, share.release)
    try:
        require_covered(standing(terms), share.items, agency_today())
        if share.method not in terms.methods:
            raise Broken("consent.other_method", "method")
        if share.copied and share.copied.kind not in terms.papers:
            raise Broken("consent.other_paper", "release")
    except Broken as broken:
        raise NotCovered(broken, client.id) from None
    shared = Shared(
        release=share.release,
        organisation=terms.organisation,
        items=list(share.items),
        method=share.method,
        note=share.note,
        copied=share.copied,
        by=actor.id,
        at=now(),
    )
    row = Disclosure(client_id=client.id)
    fill(actor, row, SHARED, shared)
    db.session.add(row)
    unit.about(client.id)
    return terms


def compelled(actor: Actor, unit: Unit, client: Client, given: Share, to: str) -> None:
    """Writes down what leaves because a court or a law compels it, in the caller's transaction; no release is asked.

    `given.release` is empty. For the register of demands alone, which has asked whether the actor may.
    """
    shared = Shared(
        release=b"",
        organisation=to,
        items=list(given.items),
        method=given.method,
        note=given.note,
        by=actor.id,
        at=now(),
    )
    row = Disclosure(client_id=client.id)
    fill(actor, row, SHARED, shared)
    db.session.add(row)
    unit.about(client.id)


def _terms(actor: Actor, client: Client, release_id: bytes) -> Terms:
    """The release as it stands now, locked: a revocation that came first is seen."""
    row = db.session.get(Release, release_id, populate_existing=True, with_for_update=True)
    if row is None or row.client_id != client.id:
        raise NotCovered(Broken("consent.no_release", "release"), client.id)
    terms = open_section(actor, row, TERMS)
    if terms is None:
        raise Missing
    return terms


def standing(terms: Terms) -> Standing:
    """What the rules need to know of a release."""
    return Standing(
        starts=terms.starts,
        expires=terms.expires,
        items=frozenset(terms.items),
        signer=terms.signer,
        signed=frozenset(one.who for one in terms.signatures),
        declined=terms.declined,
        revoked=terms.revoked,
    )
