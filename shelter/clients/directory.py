"""Who can be found by what: the sealed lanes of names and numbers, one directory for each identity compartment.

Nothing is typed into a query of the database; candidates found here are still strangers until `scope` lets them in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import islice

from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy import select

from shelter.accounts.notices import NoticeKind, notify
from shelter.accounts.queries import staff_at
from shelter.clients import scope
from shelter.clients.models import Client, Identity
from shelter.db import db, segments
from shelter.db.apart import taken_apart
from shelter.db.keyring import keyring_of
from shelter.db.segments import Shelf
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.policy.roles import Role
from shelter.rules import directory as lane
from shelter.rules import duplicates
from shelter.rules.broken import Broken
from shelter.rules.contact import Channel
from shelter.rules.directory import Entry, SegmentFull
from shelter.rules.directory_apart import take_apart
from shelter.rules.directory_exact import find_exact, pack_exact, replace_exact, unpack_exact
from shelter.rules.directory_few import Few
from shelter.rules.directory_scan import LEAST_SCORE, Hit, Scan
from shelter.rules.directory_sift import Sift, suits
from shelter.rules.duplicates import MAY_BE_SAME, Described
from shelter.rules.names import normalise, read_name
from shelter.rules.names_keys import name_keys
from shelter.rules.names_query import MOST_LETTERS, Query
from shelter.rules.numbers import NumberKind, normalise_number
from shelter.trail.record import record_broken

SCOPE = "directory"
PHONE_CHANNELS = frozenset({Channel.CALL, Channel.TEXT, Channel.VOICEMAIL})
MOST_HITS = 500
MOST_MATCHES = 20
MOST_NAMES = 4
_MUCH_THE_SAME = 80


class Lane(StrEnum):
    """What is looked up; each lane is a store of its own in the directory of its compartment."""

    NAMES = "names"
    PHONES = "phones"
    A_NUMBERS = "a-numbers"
    RECEIPTS = "receipts"


_KINDS = {
    Lane.NAMES: Kind.IDENTITY,
    Lane.PHONES: Kind.IDENTITY,
    Lane.A_NUMBERS: Kind.IDENTITY,
    Lane.RECEIPTS: Kind.LEGAL,
}


def shelf(actor: Actor, which: Lane, client_id: bytes | None = None) -> Shelf:
    """The lane of the agency, or of a restricted client's own compartment. Raises `NoKey`."""
    compartment = keyring_of(actor).compartment(_KINDS[which], client_id)
    return Shelf(which, SCOPE, compartment, compartment)


def _shelves(actor: Actor, which: Lane) -> Iterator[Shelf]:
    """Every directory whose key she holds."""
    keyring, kind = keyring_of(actor), _KINDS[which]
    if keyring.holds(kind):
        yield shelf(actor, which)
    for client in sorted(keyring.restricted_clients()):
        if keyring.holds(kind, client) and keyring.find(kind, client) != keyring.find(kind):
            yield shelf(actor, which, client)


# -- looking -------------------------------------------------------------------


def by_name(
    actor: Actor,
    words: str,
    field: str | None = None,
    *,
    least: float = LEAST_SCORE,
    among: frozenset[bytes] | None = None,
) -> list[Hit]:
    """The people nearest to what was typed, best first, in every directory she can open. Raises `Broken`.

    With `among` only these clients are looked at, all of them.
    """
    query = Query.parse(words, field)
    if among is None and suits(query):
        sift = _sifted(actor, query)
        if not sift.is_crowded:
            return sift.hits(MOST_HITS, least)
    scan: Scan | Few = Scan(query) if among is None else Few(query, among)
    for one in _shelves(actor, Lane.NAMES):
        with segments.scanning(actor, one) as contents:
            for _, content in contents:
                scan.feed(content)
        record_broken(actor, contents.broken)
    return scan.hits(MOST_HITS, least)


def _sifted(actor: Actor, query: Query) -> Sift:
    sift = Sift(query)
    for one in _shelves(actor, Lane.NAMES):
        found = taken_apart(actor, one, take_apart)
        record_broken(actor, found.broken)
        for pieces in found.pieces:
            sift.feed(pieces)
    return sift


def nearest(actor: Actor, identity: Identity) -> list[Hit]:
    """Others in the directory who may be the same person by a name of two words or more; years are not known here."""
    spoken = (identity.legal_name, *identity.aliases)
    full = tuple(name[:MOST_LETTERS] for name in spoken if len(read_name(name).tokens) > 1)[:MOST_NAMES]
    found: dict[bytes, Hit] = {}
    for name in full:
        for hit in by_name(actor, name):
            found.setdefault(hit.client_id, hit)
    hits = list(found.values())
    near = duplicates.nearest(Described(full), [Described(hit.names) for hit in hits])
    return [hits[place] for place, _ in near[:MOST_MATCHES]]


def nearest_of_many(actor: Actor, people: Sequence[Described]) -> dict[int, list[tuple[bytes, tuple[str, ...]]]]:
    """For each place in `people`: (client, her names) of those who may be the same person, in one look at every name.

    Two keys in common, or one and much the same letters, are asked for before names are compared; years of birth are
    not known here.
    """
    wanted: dict[str, set[int]] = {}
    spelled = [[normalise(name) for name in one.names] for one in people]
    for place, one in enumerate(people):
        for key in {key for name in one.names for key in name_keys(read_name(name))}:
            wanted.setdefault(key, set()).add(place)
    found: dict[int, list[tuple[bytes, tuple[str, ...]]]] = {}
    for shelf_of_names in _shelves(actor, Lane.NAMES) if wanted else ():
        with segments.scanning(actor, shelf_of_names) as contents:
            for _, content in contents:
                for row in lane.unpack(content):
                    for place in _common(wanted, spelled, row):
                        if duplicates.likeness(people[place], Described(row.names)) >= MAY_BE_SAME:
                            found.setdefault(place, []).append((row.client_id, row.names))
        record_broken(actor, contents.broken)
    return found


def _common(wanted: Mapping[str, set[int]], spelled: Sequence[Sequence[str]], row: lane.Row) -> Iterator[int]:
    shared = Counter(place for key in row.keys if key in wanted for place in wanted[key])
    for place, count in shared.items():
        if count > 1 or any(token_sort_ratio(a, b) >= _MUCH_THE_SAME for a in spelled[place] for b in row.names):
            yield place


def tell_of_matches(actor: Actor, client: Client, identity: Identity) -> None:
    """Supervisors of both sites learn that two records may be one person's; the worker learns no more than that."""
    near = [hit.client_id for hit in nearest(actor, identity) if hit.client_id != client.id]
    if not near:
        return
    mine = select(Client.id).where(Client.id.in_(near), scope.scope(actor, Act.CLIENTS_READ))
    hidden = db.session.execute(
        select(Client.id, Client.code, Client.site_id).where(Client.id.in_(near), Client.id.not_in(mine))
    ).all()
    for _, code, site in hidden:
        sites = frozenset(one for one in (site, client.site_id) if one is not None)
        for reader in staff_at(sites, frozenset({Role.SUPERVISOR})):
            if reader != actor.id:
                notify(actor, reader, NoticeKind.MATCH, client.id, code=client.code, other_code=code)


def by_number(actor: Actor, which: Lane, value: str) -> list[bytes]:
    """The clients with exactly this number, as `rules` writes it."""
    found: list[bytes] = []
    for one in _shelves(actor, which):
        with segments.scanning(actor, one) as contents:
            for _, content in contents:
                found += find_exact(content, value)
        record_broken(actor, contents.broken)
    return found


def owners_of(actor: Actor, which: Lane, values: set[str]) -> dict[str, bytes]:
    """Whose these numbers are, in one look at all of them; numbers as `rules` writes them."""
    found: dict[str, bytes] = {}
    for one in _shelves(actor, which) if values else ():
        with segments.scanning(actor, one) as contents:
            for _, content in contents:
                found |= {value: owner for owner, value in unpack_exact(content) if value in values}
        record_broken(actor, contents.broken)
    return found


def owned_by(actor: Actor, which: Lane, client_id: bytes, *, apart: bool = False) -> set[str]:
    """The numbers by which one client can be found in the agency's lane, or in her own. Raises `NoKey`."""
    found: set[str] = set()
    with segments.scanning(actor, shelf(actor, which, client_id if apart else None)) as contents:
        for _, content in contents:
            found |= {value for owner, value in unpack_exact(content) if owner == client_id}
    record_broken(actor, contents.broken)
    return found


# -- keeping, in the caller's transaction -----------------------------------------


def names_of(identity: Identity) -> tuple[str, ...]:
    """What she can be found by: the name on her papers, the others, what she is called here."""
    spoken = (identity.legal_name, *identity.aliases, identity.working_name)
    return tuple(dict.fromkeys(name for name in spoken if read_name(name).tokens))


def keep(actor: Actor, client: Client, old: Identity | None, new: Identity) -> None:
    """Brings the lanes up to what the record will say; sets `new.entry` before it is sealed."""
    before = old or Identity()
    new.entry = before.entry
    if names_of(before) != names_of(new) or (names_of(new) and new.entry is None):
        _keep_names(actor, client.id, new)
    keep_numbers(actor, Lane.PHONES, client.id, _phones(before), _phones(new))
    keep_numbers(actor, Lane.A_NUMBERS, client.id, _a_numbers(before), _a_numbers(new))


def _phones(identity: Identity) -> set[str]:
    rules = (rule for rule in identity.contact if rule.channel in PHONE_CHANNELS)
    return {number for rule in rules if (number := _number(NumberKind.PHONE, rule.value))}


def _a_numbers(identity: Identity) -> set[str]:
    return {_number(NumberKind.A_NUMBER, identity.a_number)} - {""}


def _number(kind: NumberKind, typed: str) -> str:
    """The number as it is looked up, "" for what is none."""
    try:
        return normalise_number(kind, typed)
    except Broken:
        return ""


def keep_names(actor: Actor, client_id: bytes, identity: Identity) -> None:
    """Her names in the lane of where her record lies now, where they are not yet; sets `identity.entry`."""
    identity.entry = None
    _keep_names(actor, client_id, identity)


def _keep_names(actor: Actor, client_id: bytes, identity: Identity) -> None:
    place, entry = shelf(actor, Lane.NAMES, client_id), Entry(client_id, names_of(identity))

    def edit(content: bytes) -> bytes | None:
        if not lane.contains(content, client_id):
            return None
        return lane.replace(content, entry) if entry.names else lane.remove(content, client_id)

    if identity.entry is not None and not segments.change(actor, place, identity.entry, edit):
        identity.entry = segments.find_no(actor, place, lambda content: lane.contains(content, client_id))
        if identity.entry is not None:
            segments.change(actor, place, identity.entry, edit)
    if not entry.names:
        identity.entry = None
    elif identity.entry is None:
        identity.entry = segments.add(actor, place, lambda content: _with(content, entry))


def _with(content: bytes, entry: Entry) -> bytes | None:
    if not content:
        return lane.pack([entry])
    return None if lane.count(content) >= lane.MOST_ENTRIES else lane.append(content, entry)


def keep_numbers(actor: Actor, which: Lane, client_id: bytes, old: set[str], new: set[str]) -> None:
    """Her numbers in a lane are `new` from now on; for other features' lanes too. Numbers as `rules` writes them."""
    if old == new:
        return
    place, values = shelf(actor, which, client_id), sorted(new)
    no = None
    if old:
        known = min(old)
        no = segments.find_no(actor, place, lambda content: client_id in find_exact(content, known))
    if no is not None and segments.change(actor, place, no, lambda content: _with_numbers(content, client_id, values)):
        return
    if no is not None:
        segments.change(actor, place, no, lambda content: replace_exact(content, client_id, ()))
    if values:
        segments.add(actor, place, lambda content: _with_numbers(content, client_id, values))


def _with_numbers(content: bytes, client_id: bytes, values: list[str]) -> bytes | None:
    try:
        return replace_exact(content or pack_exact(()), client_id, values)
    except SegmentFull:
        return None


def take_out(actor: Actor, which: Lane, clients: Iterable[bytes]) -> None:
    """Whatever a lane of the agency says of these people, without a record to say where: they are no more."""
    place, gone = shelf(actor, which), frozenset(clients)
    without = _without_names if which == Lane.NAMES else _without_numbers
    for no in range(segments.next_no(place)):
        segments.change(actor, place, no, lambda content: without(content, gone))


def _without_names(content: bytes, gone: frozenset[bytes]) -> bytes | None:
    here = [client_id for client_id in gone if lane.contains(content, client_id)]
    for client_id in here:
        content = lane.remove(content, client_id)
    return content if here else None


def _without_numbers(content: bytes, gone: frozenset[bytes]) -> bytes | None:
    owned = unpack_exact(content)
    left = [one for one in owned if one[0] not in gone]
    return pack_exact(left) if len(left) < len(owned) else None


def keep_many(actor: Actor, people: Iterable[tuple[bytes, Identity]]) -> None:
    """Packs the names of an import into segments of their own, behind the others; sets each `entry`.

    Who has no name (or only a hashed one, which an import leaves out) is not entered.
    """
    place = shelf(actor, Lane.NAMES)
    batch = lane.Batch()
    named = ((client_id, identity) for client_id, identity in people if names_of(identity))
    no = segments.next_no(place)
    while part := list(islice(named, lane.MOST_ENTRIES)):
        content = lane.pack([Entry(client_id, names_of(identity)) for client_id, identity in part], batch)
        segments.put_new(actor, place, no, content)
        for _, identity in part:
            identity.entry = no
        no += 1


def keep_numbers_of_many(actor: Actor, people: Iterable[tuple[bytes, Identity]]) -> None:
    """The same for their numbers."""
    people = list(people)
    _pack_numbers(actor, Lane.PHONES, [(one, number) for one, said in people for number in _phones(said)])
    _pack_numbers(actor, Lane.A_NUMBERS, [(one, number) for one, said in people for number in _a_numbers(said)])


def _pack_numbers(actor: Actor, which: Lane, owned: list[tuple[bytes, str]]) -> None:
    place = shelf(actor, which)
    no = segments.next_no(place)
    for start in range(0, len(owned), lane.MOST_ENTRIES):
        segments.put_new(actor, place, no, pack_exact(owned[start : start + lane.MOST_ENTRIES]))
        no += 1
