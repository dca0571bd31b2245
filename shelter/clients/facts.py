"""What reports may know of a client: the year of her birth and a group of languages.

Exact records have her birth date, the day she was first met, who sent her, and whether she has a name and a number:
never the name or the number.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from shelter.clients.models import Birth, Client, ClientCoded, Happened, Herself, Identity
from shelter.db.inbox import RECORD, Coded, emit
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.rules.apr.records import Person
from shelter.rules.apr.ssn import ssn_kind
from shelter.rules.picklists import picklists

_QUALITY = {"exact": 1, "approximate": 2, "declined": 9}
_NOT_ASKED = 99
_LANGUAGES = {"eng": "english", "spa": "spanish"}


def changed(actor: Actor, client: Client, identity: Identity) -> None:
    """Tells both ledgers, in the caller's transaction, after the identity was sealed."""
    emit(actor, [of_client(client.id, client.identity_version, identity)])
    emit(actor, [exact_of(client.id, client.identity_version, identity)], into=Kind.EXACT)


def changed_many(actor: Actor, clients: Iterable[tuple[bytes, int, Identity]]) -> None:
    """The same for (id, version of the identity, identity) of many."""
    many = list(clients)
    coarse_of_many(actor, many)
    emit(actor, [exact_of(*one) for one in many], into=Kind.EXACT)


def coarse_of_many(actor: Actor, clients: Iterable[tuple[bytes, int, Identity]]) -> None:
    """For an import, which tells its exact records itself."""
    emit(actor, [of_client(*one) for one in clients])


def differs(old: Identity, new: Identity) -> bool:
    """Whether a change of the record is one for the ledgers."""
    return exact_record(old) != exact_record(new) or _language(old) != _language(new) or _came(old) != _came(new)


def of_client(client_id: bytes, version: int, identity: Identity) -> Coded:
    """`born` is a year, 0 where she did not tell it; `language` a group, of the first that she named."""
    return Coded(
        client=client_id,
        table="client",
        row=client_id,
        section="identity",
        origin=Kind.IDENTITY,
        version=version,
        what="person",
        values={"born": identity.birth.year or 0, "language": _language(identity)},
    )


def exact_of(client_id: bytes, version: int, identity: Identity) -> Coded:
    """What the house itself knows of her, over whatever an import said."""
    related = identity.relationship_to_head
    hud = next((one.hud for one in picklists()["relationship_to_head"].choices if one.code == related), None)
    return Coded(
        client=client_id,
        table="client",
        row=client_id,
        section="exact",
        origin=Kind.IDENTITY,
        version=version,
        what="identity",
        values=_came(identity)
        | {RECORD: msgspec.json.encode(exact_record(identity)).decode(), "relationship": hud or _NOT_ASKED},
    )


def exact_record(identity: Identity) -> Person:
    birth = identity.birth
    return Person(
        id="",
        is_named=bool(identity.legal_name.strip()),
        name_quality=1 if identity.legal_name.strip() else _NOT_ASKED,
        ssn=ssn_kind(identity.ssn),
        ssn_quality=1 if identity.ssn.strip() else _NOT_ASKED,
        born=_born(birth),
        born_quality=_QUALITY.get(birth.precision, _NOT_ASKED),
    )


def _came(identity: Identity) -> dict[str, str | int]:
    """When and from whom."""
    since = identity.since.isoformat() if identity.since else ""
    return {"since": since, "referral": identity.referral_source}


def _language(identity: Identity) -> str:
    first = next(iter(identity.languages), "")
    return _LANGUAGES.get(first, "other") if first else "unknown"


def _born(birth: Birth) -> date | None:
    """A date as far as it is known; a year alone stands for its first day."""
    if birth.year is None:
        return None
    try:
        return date(birth.year, birth.month or 1, birth.day or 1)
    except ValueError:
        return None


def gone(actor: Actor, clients: Iterable[bytes]) -> None:
    """Both ledgers hear that records of the first version were taken back, in the caller's transaction."""
    many = list(clients)
    nobody = [(one, 2, Identity()) for one in many]
    emit(actor, [msgspec.structs.replace(of_client(*one), values={}, deleted=True) for one in nobody])
    exact = [msgspec.structs.replace(exact_of(*one), values={}, deleted=True) for one in nobody]
    emit(actor, exact, into=Kind.EXACT)


def happened(actor: Actor, client: Client, row: ClientCoded, said: Happened) -> None:
    emit(actor, [of_happened(client, row, said)])


def herself(actor: Actor, client: Client, row: ClientCoded, said: Herself) -> None:
    emit(actor, [of_herself(client, row, said)])


def answered(actor: Actor, many: Iterable[tuple[Client, ClientCoded, Happened, Herself]]) -> None:
    """Both of many people, in batches."""
    found: list[Coded] = []
    for client, row, what, who in many:
        found += [of_happened(client, row, what), of_herself(client, row, who)]
    emit(actor, found)


def of_happened(client: Client, row: ClientCoded, said: Happened) -> Coded:
    """What happened: codes of several answers with blanks between, a skipped one as its reason."""
    values = _coded(said, ("trafficking_status", "trafficking_kind"))
    values |= _coded(said, ("exploitation", "control", "industry", "victimisations"))
    return _of_coded(client, row, "happened", Kind.ADVOCACY, row.happened_version, values)


def of_herself(client: Client, row: ClientCoded, said: Herself) -> Coded:
    """Who she is: her own words are not among them."""
    names = ("race_ethnicity", "sex_asked", "country", "citizenship", "disabilities", "classifications")
    values = _coded(said, (*names, "immigration_at_intake", "housing_before"))
    return _of_coded(client, row, "herself", Kind.IDENTITY, row.herself_version, values)


def _coded(said: Happened | Herself, names: Iterable[str]) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    for name in names:
        answer = getattr(said, name)
        coded = " ".join(answer) if isinstance(answer, list) else answer
        values[name] = coded or said.skipped.get(name, "")
    return values


def _of_coded(
    client: Client, row: ClientCoded, section: str, origin: Kind, version: int, values: dict[str, str | int]
) -> Coded:
    return Coded(
        client=client.id,
        table="client_coded",
        row=row.id,
        section=section,
        origin=origin,
        version=version,
        what=section,
        values=values,
    )
