"""What becomes of a release: asked, changed, signed or declined, extended, revoked, the recipient told; and sharing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from msgspec.structs import replace

from shelter.clients import scope
from shelter.clients.models import IDENTITY, Client, Identity
from shelter.clients.queries import age_on, agency_today
from shelter.db import db
from shelter.db.errors import Conflict, Missing
from shelter.db.sections import fill, open_section, save
from shelter.files.actions import put
from shelter.files.arriving import perhaps_arriving
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.releases.disclosing import Share, disclose, refusals_written, standing
from shelter.releases.models import TERMS, Happened, Release, Signature, Terms
from shelter.rules.broken import Broken
from shelter.rules.clock import now
from shelter.rules.consent import (
    State,
    consent,
    missing_signatures,
    require_length,
    require_one_signer,
    require_signer,
    state,
)
from shelter.rules.names import normalise
from shelter.rules.papers import papers
from shelter.rules.picklists import picklists
from shelter.settings.queries import limit
from shelter.trail.record import recorded

COPIES = "paper_copies"
"""The item of a release that lets copies of papers leave; which papers is said beside it."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a release would say; codes as the pick lists of releases, `rules.consent` and `rules.papers` have them."""

    organisation: str
    person: str
    reach: str
    items: tuple[str, ...]
    papers: tuple[str, ...]
    purpose: str
    purpose_words: str
    methods: tuple[str, ...]
    starts: date
    expires: date
    risks_discussed: bool
    risks: str
    signer: str
    language: str
    interpreter: str


@dataclass(frozen=True, slots=True)
class Ask:
    code: str
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class Which:
    """One release as its form saw it."""

    code: str
    release: bytes
    version: int


@dataclass(frozen=True, slots=True)
class Change:
    which: Which
    agreed: Agreed


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it was taken: `how` is drawn, typed or paper; `scan` the photograph of a signed paper."""

    name: str
    how: str
    strokes: list[list[int]] = field(default_factory=list)
    scan: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sign:
    which: Which
    who: str
    signed: Signed
    not_abuser: bool


@dataclass(frozen=True, slots=True)
class Extend:
    which: Which
    until: date
    who: str
    signed: Signed
    not_abuser: bool


@dataclass(frozen=True, slots=True)
class Say:
    """That she declined or revoked, or that the recipient was told; in a few words how."""

    which: Which
    words: str


@dataclass(frozen=True, slots=True)
class ShareNow:
    code: str
    share: Share


def ask(actor: Actor, command: Ask) -> bytes:
    """A release as it was talked through, not signed yet; its id."""
    with recorded(actor, Act.RELEASES_WRITE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.RELEASES_WRITE)
        _check(command.agreed, open_section(actor, client, IDENTITY) or Identity())
        terms = _with(Terms(organisation="", starts=agency_today(), expires=agency_today()), command.agreed)
        release = Release(client_id=client.id)
        fill(actor, release, TERMS, replace(terms, history=[_happened(actor, "made")]))
        db.session.add(release)
    return release.id


def change(actor: Actor, command: Change) -> None:
    """Other words, while nobody has signed; what is signed is never changed, a new one is made."""
    with _writing(actor, command.which) as (client, release):
        _check(command.agreed, open_section(actor, client, IDENTITY) or Identity())

        def agreed(terms: Terms) -> Terms:
            if terms.signatures:
                raise Broken("releases.signed")
            _require_state(terms, State.UNSIGNED, "releases.closed")
            return _with(terms, command.agreed)

        _save(actor, release, command.which, agreed)


def sign(actor: Actor, command: Sign) -> None:
    """One signature; the release holds when nobody's is missing. Raises `Broken` for whoever may not sign."""
    with (
        perhaps_arriving("signed release", command.signed.scan) as scan,
        _writing(actor, command.which) as (client, release),
    ):
        identity = open_section(actor, client, IDENTITY) or Identity()
        _require_signed(command.signed, identity)
        if not command.not_abuser:
            raise Broken("releases.say_not_the_abuser", "not_abuser")
        signature = _signature(actor, command.who, command.signed, scan.id if scan else b"")

        def signed(terms: Terms) -> Terms:
            _require_state(terms, State.UNSIGNED, "releases.closed")
            if command.who not in missing_signatures(standing(terms)):
                raise Broken("releases.not_your_signature", "who")
            require_signer(terms.signer, _age(identity), identity.minor_consent)
            history = [*terms.history, _happened(actor, "signed", command.who)]
            return replace(terms, not_abuser=True, signatures=[*terms.signatures, signature], history=history)

        _save(actor, release, command.which, signed)
        if scan:
            put(actor, client, scan)


def extend(actor: Actor, command: Extend) -> None:
    """A later last day, while it still holds, signed again by whoever may sign for her today.

    A release that has ended is asked for anew, and so is one that two people sign together.
    """
    with _writing(actor, command.which) as (client, release):
        identity = open_section(actor, client, IDENTITY) or Identity()
        _require_signed(command.signed, identity)
        if not command.not_abuser:
            raise Broken("releases.say_not_the_abuser", "not_abuser")
        signature = _signature(actor, command.who, command.signed, b"")

        def longer(terms: Terms) -> Terms:
            _require_state(terms, State.LIVE, "releases.not_live")
            _require_not_feared(identity, terms)
            if command.until <= terms.expires:
                raise Broken("releases.not_longer", "until")
            require_one_signer(terms.signer)
            require_signer(terms.signer, _age(identity), identity.minor_consent)
            if command.who not in consent().way(terms.signer).signs:
                raise Broken("releases.not_your_signature", "who")
            require_length(agency_today(), command.until, limit("release_most_days"))
            happened = _happened(actor, "extended", until=command.until)
            signatures, history = [*terms.signatures, signature], [*terms.history, happened]
            return replace(terms, expires=command.until, signatures=signatures, history=history)

        _save(actor, release, command.which, longer)


def let_end(actor: Actor, which: Which) -> None:
    """She does not need it longer: nobody is reminded of its last day again, until which it holds as before."""
    with _writing(actor, which) as (_, release):

        def left(terms: Terms) -> Terms:
            _require_state(terms, State.LIVE, "releases.not_live")
            happened = _happened(actor, "let_end", until=terms.expires)
            return replace(terms, history=[*terms.history, happened])

        _save(actor, release, which, left)


def decline(actor: Actor, command: Say) -> None:
    """She says no: written down, so that nobody asks again and nothing leaves; everything else goes on."""
    with _writing(actor, command.which) as (_, release):

        def declined(terms: Terms) -> Terms:
            _require_state(terms, State.UNSIGNED, "releases.closed")
            return replace(terms, declined=True, history=[*terms.history, _happened(actor, "declined", command.words)])

        _save(actor, release, command.which, declined)


def revoke(actor: Actor, command: Say) -> None:
    """She takes it back, by word of mouth or in writing: from now on nothing leaves under it."""
    with _writing(actor, command.which) as (_, release):

        def revoked(terms: Terms) -> Terms:
            if state(standing(terms), agency_today()) in (State.REVOKED, State.DECLINED):
                raise Broken("releases.closed")
            return replace(terms, revoked=True, history=[*terms.history, _happened(actor, "revoked", command.words)])

        _save(actor, release, command.which, revoked)


def tell_recipient(actor: Actor, command: Say) -> None:
    """The recipient was told that the release is taken back."""
    with _writing(actor, command.which) as (_, release):

        def told(terms: Terms) -> Terms:
            _require_state(terms, State.REVOKED, "releases.not_revoked")
            return replace(
                terms, recipient_told=True, history=[*terms.history, _happened(actor, "told", command.words)]
            )

        _save(actor, release, command.which, told)


def share(actor: Actor, command: ShareNow) -> None:
    """Something was told or handed over by a colleague herself. Raises `NotCovered`, and writes the refusal down."""
    with refusals_written(actor), recorded(actor, Act.RELEASES_DISCLOSE) as unit:
        client = scope.for_change(actor, unit, command.code, Act.RELEASES_DISCLOSE)
        disclose(actor, unit, client, command.share)


# -- below -------------------------------------------------------------------------


@contextmanager
def _writing(actor: Actor, which: Which) -> Iterator[tuple[Client, Release]]:
    with recorded(actor, Act.RELEASES_WRITE) as unit:
        client = scope.for_change(actor, unit, which.code, Act.RELEASES_WRITE)
        release = db.session.get(Release, which.release, populate_existing=True, with_for_update=True)
        if release is None or release.client_id != client.id:
            raise Missing
        yield client, release


def _save(actor: Actor, release: Release, which: Which, changed: Callable[[Terms], Terms]) -> None:
    if release.terms_version != which.version:
        raise Conflict("release", "terms")
    before = open_section(actor, release, TERMS)
    if before is None:
        raise Missing
    save(actor, release, TERMS, changed(before), made_from=which.version)


def _with(terms: Terms, agreed: Agreed) -> Terms:
    values = {name: getattr(agreed, name) for name in Agreed.__slots__}
    return replace(terms, **{name: list(said) if isinstance(said, tuple) else said for name, said in values.items()})


def _check(agreed: Agreed, identity: Identity) -> None:
    require_length(agreed.starts, agreed.expires, limit("release_most_days"))
    require_signer(agreed.signer, _age(identity), identity.minor_consent)
    for name, codes in (("release_items", agreed.items), ("release_methods", agreed.methods)):
        if not set(codes) <= {one.code for one in picklists()[name].choices}:
            raise Broken("releases.unknown_item", "items" if name == "release_items" else "methods")
    if not set(agreed.papers) <= papers().kinds.keys():
        raise Broken("releases.unknown_item", "papers")
    if bool(agreed.papers) != (COPIES in agreed.items):
        raise Broken("releases.which_papers", "papers")
    _require_not_feared(identity, agreed)


def _require_not_feared(identity: Identity, said: Agreed | Terms) -> None:
    """Asked anew whenever somebody would receive for longer: who endangers her may be known only since."""
    if _feared(identity, said.organisation) or _feared(identity, said.person):
        raise Broken("releases.recipient_feared", "person")


def _feared(identity: Identity, name: str) -> bool:
    """Whether this is the name of somebody who endangers her, however it is written."""
    feared = {normalise(one) for danger in identity.dangers for one in (*danger.names, *danger.aliases)}
    return bool(name) and normalise(name) in feared - {""}


def _require_signed(signed: Signed, identity: Identity) -> None:
    if not signed.name:
        raise Broken("releases.whose_signature", "name")
    if _feared(identity, signed.name):
        raise Broken("releases.signer_feared", "name")
    if signed.how == "drawn" and not signed.strokes:
        raise Broken("releases.nothing_drawn", "how")
    if signed.how == "paper" and not signed.scan:
        raise Broken("releases.no_scan", "file")


def _signature(actor: Actor, who: str, signed: Signed, scan: bytes) -> Signature:
    strokes = signed.strokes if signed.how == "drawn" else []
    return Signature(who=who, name=signed.name, how=signed.how, strokes=strokes, scan=scan, at=now(), taken_by=actor.id)


def _require_state(terms: Terms, wanted: State, otherwise: str) -> None:
    if state(standing(terms), agency_today()) is not wanted:
        raise Broken(otherwise)


def _age(identity: Identity) -> int | None:
    age = age_on(identity.birth, agency_today())
    return age.years if age else None


def _happened(actor: Actor, what: str, words: str = "", until: date | None = None) -> Happened:
    return Happened(at=now(), by=actor.id, what=what, words=words, until=until)
