"""Reading releases: those of one person, those that cover something, those that run out, the proof of it all."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from shelter.accounts.queries import names_of
from shelter.clients import scope
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.clients.queries import Event, PersonCard, age_on, agency_today, card
from shelter.db import db
from shelter.db.batch import open_each
from shelter.db.errors import Missing
from shelter.db.sections import open_section, row_of
from shelter.files.queries import FileView, some
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import decide
from shelter.releases.disclosing import standing
from shelter.releases.models import SHARED, TERMS, Disclosure, Release, Shared, Terms
from shelter.rules.broken import Broken
from shelter.rules.consent import State, missing_signatures, require_covered, state, ways_to_sign
from shelter.trail.record import note_read

RUNS_OUT_IN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A release as shown: `version` is what a form made from it carries; `names` of who is in its history."""

    id: bytes
    version: int
    terms: Terms
    state: State
    missing: tuple[str, ...]
    shared: tuple[Shared, ...]
    names: dict[bytes, str]

    @property
    def tell(self) -> bool:
        """Whether the recipient has still to be told that it was taken back: only one who was ever told anything. To
        another, the call itself would say that we know her.
        """
        return self.state is State.REVOKED and bool(self.shared) and not self.terms.recipient_told

    def runs_out(self, today: date) -> bool:
        return self.state is State.LIVE and self.terms.expires - today <= RUNS_OUT_IN


@dataclass(frozen=True, slots=True)
class ReleasesView:
    card: PersonCard
    releases: tuple[ReleaseView, ...]
    today: date

    def standing(self, *states: str) -> tuple[ReleaseView, ...]:
        return tuple(one for one in self.releases if one.state in states)


@dataclass(frozen=True, slots=True)
class Cover:
    """A live release that covers what was asked: enough to choose it by."""

    id: bytes
    organisation: str
    person: str
    items: tuple[str, ...]
    methods: tuple[str, ...]
    until: date


@dataclass(frozen=True, slots=True)
class EndsSoon:
    """A release of somebody's that ends within a week."""

    id: bytes
    version: int
    organisation: str
    until: date


def of_client(actor: Actor, code: str) -> ReleasesView:
    """All releases of one person, those that hold first. `Missing` outside the reader's scope."""
    client = _readable(actor, code)
    views = _views(actor, client)
    return ReleasesView(card(actor, client), tuple(sorted(views, key=_order)), agency_today())


def one(actor: Actor, code: str, release_id: bytes) -> tuple[PersonCard, ReleaseView, list[FileView]]:
    """One release with all that left under it, and the scans of what was signed on paper."""
    client = _readable(actor, code)
    found = [view for view in _views(actor, client) if view.id == release_id]
    if not found:
        raise Missing
    scans = {one.scan for one in found[0].terms.signatures if one.scan}
    return card(actor, client), found[0], some(actor, client, scans) if scans else []


def signers_for(actor: Actor, code: str) -> tuple[str, ...]:
    """The ways of signing that are open to her; none while it is not settled who consents for a minor."""
    client = _readable(actor, code)
    identity = open_section(actor, client, IDENTITY) or Identity()
    age = age_on(identity.birth, agency_today())
    return ways_to_sign(age.years if age else None, identity.minor_consent)


def covering(actor: Actor, client: Client, items: Collection[str] = (), *, paper: str = "") -> list[Cover]:
    """The live releases of a client that cover all of these items (any item, where none is named).

    `paper` is the kind of paper that copies are wanted of.

    For a room that is about to send something out: it offers these, and `disclosing.disclose` decides.
    """
    decision = scope.allowed(actor, Act.RELEASES_READ, client)
    note_read(actor, Act.RELEASES_READ, [client.id], decision.clause)
    today, found = agency_today(), []
    for row, terms in opened_of(actor, [client.id]):
        try:
            require_covered(standing(terms), items or terms.items, today)
        except Broken:
            continue
        if paper and paper not in terms.papers:
            continue
        methods, of = tuple(terms.methods), tuple(terms.items)
        found.append(Cover(row.id, terms.organisation, terms.person, of, methods, terms.expires))
    return sorted(found, key=lambda cover: cover.organisation.casefold())


def running_out(actor: Actor, clients: Sequence[bytes]) -> dict[bytes, list[EndsSoon]]:
    """Live releases of clients already in scope that end within a week, by client; for the first page.

    Not those of which somebody said that they may end on this very day.
    """
    today = agency_today()
    found: dict[bytes, list[EndsSoon]] = {}
    for row, terms in opened_of(actor, clients):
        if any(one.what == "let_end" and one.until == terms.expires for one in terms.history):
            continue
        if state(standing(terms), today) is State.LIVE and terms.expires - today <= RUNS_OUT_IN:
            ends = EndsSoon(row.id, row.terms_version, terms.organisation, terms.expires)
            found.setdefault(row.client_id, []).append(ends)
    note_read(actor, Act.RELEASES_READ, found)
    return found


def all_of(actor: Actor, client: Client) -> list[ReleaseView] | None:
    """The releases of a client already in scope, for another page; None for who may not read them."""
    decision = decide(actor, Act.RELEASES_READ, scope.facts_of(client))
    if not decision.allowed:
        return None
    note_read(actor, Act.RELEASES_READ, [client.id], decision.clause)
    return sorted(_views(actor, client), key=_order)


SilentOf = Callable[[Actor, Client], Collection[str]]
_silent: list[SilentOf] = []


def register_silence(silent: SilentOf) -> None:
    """Called by the feature that answers demands: to whom something was given of which she may not be told yet."""
    _silent.append(silent)


def compelled_of(actor: Actor, client: Client) -> list[Shared]:
    """What left of hers under no release, because a court or a law compelled it, as far as she may be told of it.

    Nothing for who may not read her releases.
    """
    if all_of(actor, client) is None:
        return []
    silent = {to for known in _silent for to in known(actor, client)}
    return [one for one in left_of(actor, [client.id]) if not one.release and one.organisation not in silent]


def in_short(actor: Actor, client: Client) -> list[ReleaseView] | None:
    """Those that hold or wait for a signature, for the page of the person; None for who may not read them."""
    found, shown = all_of(actor, client), (State.LIVE, State.UNSIGNED, State.TO_COME)
    return None if found is None else [view for view in found if view.state in shown or view.tell]


def events(actor: Actor, client: Client) -> list[tuple[datetime, str, str, str]]:
    """What happened to her releases and what left under them: when, what, to whom, by whom."""
    views, found = all_of(actor, client), []
    if views is not None:
        pressed = [one for one in left_of(actor, [client.id]) if not one.release]
        names = names_of(actor, {one.by for one in pressed})
        found += [(one.at, "compelled", one.organisation, names.get(one.by, "")) for one in pressed]
    for view in views or ():
        where, names = view.terms.organisation, view.names
        found += [(one.at, one.what, where, names.get(one.by, "")) for one in view.terms.history if one.what != "made"]
        found += [(one.at, "shared", where, names.get(one.by, "")) for one in view.shared]
    return found


# -- below -------------------------------------------------------------------------


def _readable(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    decision = scope.allowed(actor, Act.RELEASES_READ, client)
    note_read(actor, Act.RELEASES_READ, [client.id], decision.clause)
    return client


def opened_of(actor: Actor, clients: Sequence[bytes]) -> list[tuple[Release, Terms]]:
    """The releases of clients already in scope; the caller notes the read."""
    rows = db.session.scalars(select(Release).where(Release.client_id.in_(clients))).all()
    opened = open_each(actor, [row_of(row, TERMS) for row in rows], TERMS)
    return [(row, terms) for row, terms in zip(rows, opened.values, strict=True) if terms]


def left_of(actor: Actor, clients: Sequence[bytes]) -> list[Shared]:
    """What left about clients already in scope, oldest first; the caller notes the read."""
    rows = db.session.scalars(select(Disclosure).where(Disclosure.client_id.in_(clients))).all()
    opened = open_each(actor, [row_of(row, SHARED) for row in rows], SHARED)
    return sorted((shared for shared in opened.values if shared), key=lambda one: one.at)


def _views(actor: Actor, client: Client) -> list[ReleaseView]:
    pairs, left, today = opened_of(actor, [client.id]), left_of(actor, [client.id]), agency_today()
    people = {one.by for one in left}
    people |= {one.by for _, terms in pairs for one in terms.history}
    names = names_of(actor, people)
    return [
        ReleaseView(
            id=row.id,
            version=row.terms_version,
            terms=terms,
            state=state(standing(terms), today),
            missing=missing_signatures(standing(terms)),
            shared=tuple(one for one in left if one.release == row.id),
            names=names,
        )
        for row, terms in pairs
    ]


_RANK = (State.UNSIGNED, State.LIVE, State.TO_COME, State.REVOKED, State.ENDED, State.DECLINED)


def _order(view: ReleaseView) -> tuple[int, date]:
    return _RANK.index(view.state), view.terms.expires


__all__ = [
    "Cover",
    "EndsSoon",
    "Event",
    "ReleaseView",
    "ReleasesView",
    "Shared",
    "all_of",
    "compelled_of",
    "covering",
    "events",
    "in_short",
    "left_of",
    "of_client",
    "one",
    "opened_of",
    "register_silence",
    "running_out",
    "signers_for",
]
