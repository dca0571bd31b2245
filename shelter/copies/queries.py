"""What may be copied and to whom, the copies of one person, what was given and asked for, what is to be reviewed."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import ColumnElement, exists, select

from shelter.accounts.models import Staff, StaffRole
from shelter.accounts.queries import Colleague, colleagues, names_of
from shelter.clients import scope
from shelter.clients.models import Client
from shelter.clients.queries.own_file import may_tell, not_open_to, part_of, tellers, told_by
from shelter.copies.models import COPY_ABOUT, COPY_ASK, Copied, CopiedLine, CopyAsk, CopyGiven
from shelter.db import db
from shelter.db.aside import SectionCopy
from shelter.db.batch import open_each
from shelter.db.errors import Missing, Spoiled
from shelter.db.letters import opened_for_one
from shelter.db.roll import current_roll
from shelter.db.sections import row_of
from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.kinds import RESTRICTABLE, Kind
from shelter.policy.roles import Role
from shelter.rules.clock import now
from shelter.stewards.restricted import agency_wide, compartments_of
from shelter.trail.record import note_read

MOST = 200
Known = Callable[[CopyGiven, str, ClientFacts], bool]


@dataclass(frozen=True, slots=True)
class Offered:
    """One line of a part as the giver reads it; `key` is what the form sends, so that nothing else is copied."""

    key: str
    label: str
    words: str
    day: date | None


@dataclass(frozen=True, slots=True)
class Given:
    """One copy without its words; `part` and `reason` are "" where the seal does not hold."""

    id: bytes
    code: str
    giver: str
    reader: str
    part: str
    reason: str
    words: str
    at: datetime | None
    ends: datetime
    is_open: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """A copy that was given to the reader of this page."""

    id: bytes
    code: str
    giver: str
    ends: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """The same with its words."""

    code: str
    giver: str
    part: str
    ends: datetime
    lines: list[CopiedLine]


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for a copy of a part until `ends`; `asker` is who, as an id and by name."""

    id: bytes
    code: str
    asker: bytes
    who: str
    part: str
    reason: str
    words: str
    ends: datetime


# -- giving -------------------------------------------------------------------


def of_client(actor: Actor, code: str) -> tuple[list[str], list[Given]]:
    """The parts that this reader may copy from, and the copies that `copies_of` tells. Raises Missing, Denied."""
    client = _to_give(actor, code)
    return list(tellers(actor, client)), copies_of(actor, client)


def copies_of(actor: Actor, client: Client) -> list[Given]:
    """Those of hers of which this reader is to know, the last to end first; the caller has asked whether she may."""
    return sorted(_given(actor, CopyGiven.client_id == client.id), key=lambda one: one.ends, reverse=True)


def told_of(actor: Actor, copy_id: bytes) -> bool:
    """Whether this reader is to know that there is such a copy."""
    return bool(_given(actor, CopyGiven.id == copy_id))


def in_her_file(actor: Actor, client: Client, part: Act) -> list[Given]:
    """Those that stand in this part of her file: a copy of legal work stands only in what legal staff give her."""
    return [one for one in copies_of(actor, client) if part_of(one.part) is part]


def to_copy(actor: Actor, code: str, part: str) -> tuple[list[Offered], list[Colleague]]:
    """The lines of one part, and the colleagues who can be given a copy of it. Raises Missing, Denied."""
    client = _to_give(actor, code)
    them = receivers(actor, client, part)
    known = [one for one in colleagues(actor) if one.id in them and one.state == "active"]
    return lines_of(actor, client, part), known


def _to_give(actor: Actor, code: str) -> Client:
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.COPIES_GIVE, [client.id], scope.allowed(actor, Act.COPIES_GIVE, client).clause)
    return client


def lines_of(actor: Actor, client: Client, part: str) -> list[Offered]:
    """Everything that a part says. Raises Missing for one that this reader may not tell."""
    found = [
        (str(line.label or held.title), str(line.words), line.day)
        for held in told_by(actor, client, part)
        for line in held.lines
    ]
    return [Offered(_key(*one), *one) for one in dict.fromkeys(found)]


def _key(label: str, words: str, day: date | None) -> str:
    """Of what was seen: a line that somebody has changed meanwhile is another one."""
    return hashlib.sha256("\0".join((label, words, str(day))).encode()).hexdigest()[:24]


def receivers(actor: Actor, client: Client, part: str) -> frozenset[bytes]:
    """Colleagues to whom a copy makes a difference and breaks nothing: they read who this is and lack a key of it.

    Nobody with a conflict of interest; of a restricted person only those on her own roster; not the desk, which sees
    no legal name.
    """
    places = agency_wide() | {own.kind: own.id for own in compartments_of([client.id])}
    roll = current_roll()
    kinds = tellers(actor, client).get(part, frozenset()) & RESTRICTABLE
    hold_all = (
        frozenset.intersection(*(roll.members(places[kind]) for kind in kinds)) if kinds else frozenset(roll.bindings)
    )
    return _know_her(client.id) - hold_all - scope.facts_of(client).denied - {actor.id}


def _know_her(client: bytes) -> frozenset[bytes]:
    """Who belongs where her identity lies: on her own roster, where she is restricted."""
    places = agency_wide() | {own.kind: own.id for own in compartments_of([client])}
    roll = current_roll()
    return roll.members(places[Kind.IDENTITY]) & frozenset(roll.bindings)


# -- having been given --------------------------------------------------------


def given_to_me(actor: Actor) -> list[Mine]:
    """What is open to her now, the first to end first; a conflict of interest or a restriction closes it here too."""
    rows = _mine(actor, CopyGiven.reader_id == actor.id)
    names = names_of(actor, {given.giver_id for _, given, _ in rows})
    note_read(actor, Act.COPIES_READ, {given.client_id for _, given, _ in rows})
    return [Mine(given.id, code, names.get(given.giver_id, ""), given.ends) for _, given, code in rows]


def opened(actor: Actor, copy_id: bytes) -> Opened:
    """One that was given to her, with its words. Raises Missing; Spoiled where seal, signature or end do not hold."""
    rows = _mine(actor, CopyGiven.id == copy_id)
    if not rows:
        raise Missing
    ((copy, given, code),) = rows
    note_read(actor, Act.COPIES_READ, [given.client_id])
    copied, maker = opened_for_one(actor, "section_copy", copy.id, "copy", copy.sealed, Copied)
    if (maker, copied.client, copied.ends) != (given.giver_id, copy.client_id, copy.ends):
        raise Spoiled
    giver = names_of(actor, {maker}).get(maker, "")
    return Opened(code, giver, copied.part, copied.ends, copied.lines)


def _mine(actor: Actor, which: ColumnElement[bool]) -> list[tuple[SectionCopy, CopyGiven, str]]:
    query = (
        select(SectionCopy, CopyGiven, Client.code)
        .join(CopyGiven, CopyGiven.id == SectionCopy.id)
        .join(Client, Client.id == CopyGiven.client_id)
        .where(which, SectionCopy.reader_id == actor.id, SectionCopy.ends > now())
        .where(scope.scope(actor, Act.COPIES_READ))
        .order_by(SectionCopy.ends)
    )
    return [(copy, given, code) for copy, given, code in db.session.execute(query)]


# -- asking -------------------------------------------------------------------


def to_ask_for(actor: Actor, code: str) -> frozenset[str]:
    """The parts that she may ask for: of every record the same, whatever is written. Raises Missing, Denied."""
    client = scope.visible(actor, code, Act.CLIENTS_READ)
    note_read(actor, Act.COPIES_ASK, [client.id], scope.allowed(actor, Act.COPIES_ASK, client).clause)
    return not_open_to(actor, client)


def asked_by_me(actor: Actor) -> list[Asked]:
    """What she has asked for and was not given yet, the first to end first. Nothing says what became of it."""
    found = _asks(actor, CopyAsk.asker_id == actor.id)
    return _shown(actor, [(one, row) for one, row, _ in found if row.ends > now()])


def asked_of_me(actor: Actor) -> list[Asked]:
    """What others ask for of the parts that she may give, the oldest first."""
    found = _asks(actor, CopyAsk.asker_id != actor.id, CopyAsk.put_away.is_(False), CopyAsk.ends > now())
    know = {client: _know_her(client) for client in {row.client_id for _, row, _ in found}}
    mine = [
        (one, row)
        for one, row, facts in found
        if may_tell(actor, one.part, facts) and row.asker_id in know[row.client_id] - facts.denied
    ]
    return _shown(actor, mine)


def _shown(actor: Actor, asks: list[tuple[Asked, CopyAsk]]) -> list[Asked]:
    """Of whom she was shown an ask; the trail says of nobody else that she looked."""
    note_read(actor, Act.COPIES_ASK, {row.client_id for _, row in asks})
    return [one for one, _ in asks]


def asks_for(actor: Actor, client: bytes, asker: bytes, part: str) -> list[CopyAsk]:
    """The rows in which one colleague asks for one part."""
    found = _asks(actor, CopyAsk.client_id == client, CopyAsk.asker_id == asker)
    return [row for one, row, _ in found if one.part == part]


def _asks(actor: Actor, *which: ColumnElement[bool]) -> list[tuple[Asked, CopyAsk, ClientFacts]]:
    query = select(CopyAsk, Client).join(Client, Client.id == CopyAsk.client_id)
    within = query.where(*which, scope.scope(actor, Act.COPIES_ASK)).order_by(CopyAsk.ends)
    rows = [(row, client) for row, client in db.session.execute(within)]
    facts = scope.facts_of_many([client for _, client in rows])
    abouts = open_each(actor, [row_of(row, COPY_ASK) for row, _ in rows], COPY_ASK).values
    names = names_of(actor, {row.asker_id for row, _ in rows})
    return [
        (
            Asked(
                row.id,
                client.code,
                row.asker_id,
                names.get(row.asker_id, ""),
                about.part,
                about.reason,
                about.words,
                row.ends,
            ),
            row,
            facts[client.id],
        )
        for (row, client), about in zip(rows, abouts, strict=True)
        if about
    ]


def whom_to_ask(facts: ClientFacts, part: str) -> frozenset[bytes]:
    """Who works with her in that part; where nobody does, who has the office: somebody hears of every ask."""
    if part_of(part) is Act.MATTERS_COPY:
        return _at_work(facts.advocates - facts.denied) or _able(Role.LEGAL_SUPERVISOR, facts)
    return _at_work(facts.caseworkers - facts.denied) or _able(Role.SUPERVISOR, facts, Kind.ADVOCACY)


def _at_work(people: frozenset[bytes]) -> frozenset[bytes]:
    """Whoever has left stays assigned until somebody assigns another, and hears of nothing."""
    here = db.session.scalars(select(Staff.id).where(Staff.id.in_(people), Staff.state == "active"))
    return frozenset(here) & frozenset(current_roll().bindings)


# -- reviewing ----------------------------------------------------------------


def to_review(actor: Actor) -> list[Given]:
    """The oldest first, and with them her own, which another reviews: supervisors those of casework, a legal
    supervisor those of legal work, another advocate where none can."""
    within = (CopyGiven.reviewed_by.is_(None), scope.scope(actor, Act.COPIES_REVIEW))
    found = _given(actor, *within, known=partial(_to_know_for_review, actor))
    note_read(actor, Act.COPIES_REVIEW, _ids(one.code for one in found))
    return found


def waiting(actor: Actor, copy_id: bytes) -> Given:
    """One that waits. Raises Missing for any other."""
    for one in to_review(actor):
        if one.id == copy_id:
            return one
    raise Missing


def is_hers_to_review(actor: Actor, copy_id: bytes) -> bool:
    """Whether she is one of those who look at this copy."""
    found = _given(actor, CopyGiven.id == copy_id, known=partial(_to_know_for_review, actor))
    return any(not one.mine for one in found)


def _to_know_for_review(actor: Actor, given: CopyGiven, part: str, facts: ClientFacts) -> bool:
    parties = {given.giver_id, given.reader_id}
    if part_of(part) is not Act.MATTERS_COPY:
        return Role.SUPERVISOR in actor.roles and may_tell(actor, part, facts)
    if Role.LEGAL_SUPERVISOR in actor.roles:
        return may_tell(actor, part, facts)
    return actor.id in _stand_ins(facts, parties)


def _stand_ins(facts: ClientFacts, parties: set[bytes]) -> frozenset[bytes]:
    """The advocates who look at a copy of legal work; nobody where a legal supervisor can.

    They hold the key of it already; that a matter is there, they learn by it.
    """
    if _able(Role.LEGAL_SUPERVISOR, facts) - parties:
        return frozenset()
    return _able(Role.LEGAL_ADVOCATE, facts) - parties


def _able(role: Role, facts: ClientFacts, kind: Kind = Kind.LEGAL) -> frozenset[bytes]:
    """Whoever has this office today, holds that key of hers and has no conflict of interest with her."""
    places = agency_wide() | {own.kind: own.id for own in compartments_of([facts.client])}
    holders = current_roll().members(places[kind])
    query = select(Staff.id).join(StaffRole, StaffRole.staff_id == Staff.id)
    here = db.session.scalars(query.where(StaffRole.role == role.value, Staff.state == "active"))
    return (frozenset(here) & holders) - facts.denied


def _ids(codes: Iterable[str]) -> list[bytes]:
    return list(db.session.scalars(select(Client.id).where(Client.code.in_(set(codes)))))


def _given(actor: Actor, *which: ColumnElement[bool], known: Known | None = None) -> list[Given]:
    """Whoever may give a part knows of its copies, or who else is `known` to; and so do giver and reader. To others a
    copy of legal work would say that there is a matter."""
    is_open = exists().where(SectionCopy.id == CopyGiven.id)
    rows = db.session.execute(
        select(CopyGiven, Client, is_open)
        .join(Client, Client.id == CopyGiven.client_id)
        .where(*which)
        .order_by(CopyGiven.ends)
    ).all()
    facts = scope.facts_of_many([client for _, client, _ in rows])
    abouts = open_each(actor, [row_of(given, COPY_ABOUT) for given, _, _ in rows], COPY_ABOUT).values
    names = names_of(actor, {one for given, _, _ in rows for one in (given.giver_id, given.reader_id)})
    found = [
        Given(
            given.id,
            client.code,
            names.get(given.giver_id, ""),
            names.get(given.reader_id, ""),
            about.part if about else "",
            about.reason if about else "",
            about.words if about else "",
            about.at if about else None,
            given.ends,
            still and given.ends > now(),
            actor.id in (given.giver_id, given.reader_id),
        )
        for (given, client, still), about in zip(rows, abouts, strict=True)
    ]
    known = known or (lambda _, part, facts: may_tell(actor, part, facts))
    pairs = zip(rows, found, strict=True)
    return [one for (row, *_), one in pairs if one.mine or known(row, one.part, facts[row.client_id])][:MOST]
