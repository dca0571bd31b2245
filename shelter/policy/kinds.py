"""The kinds of compartment and the roles whose members hold the key of each.

The table is the one in the key design: cryptography holds where the code above it is wrong, so a
role is never given a compartment for convenience.
"""

from collections.abc import Iterable
from enum import StrEnum

from shelter.policy.roles import Role


class Kind(StrEnum):
    HOUSE = "house"
    INTAKE = "intake"
    IDENTITY = "identity"
    SHELTER = "shelter"
    ADVOCACY = "advocacy"
    LEGAL = "legal"
    DOCUMENTS = "documents"
    CLINICAL = "clinical"
    FACTS = "facts"
    EXACT = "exact"
    PSEUDONYM = "pseudonym"
    AUDIT = "audit"


_CASE = frozenset({Role.CASEWORKER, Role.SUPERVISOR})
_LAW = frozenset({Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR})

HOLDERS: dict[Kind, frozenset[Role]] = {
    Kind.HOUSE: frozenset(Role),
    Kind.INTAKE: _CASE,
    Kind.IDENTITY: _CASE | _LAW,
    Kind.SHELTER: _CASE | {Role.SHELTER_STAFF},
    Kind.ADVOCACY: _CASE,
    Kind.LEGAL: _LAW,
    Kind.DOCUMENTS: _CASE | _LAW,
    Kind.CLINICAL: frozenset({Role.CLINICIAN}),
    Kind.FACTS: frozenset({Role.DIRECTOR, Role.PREPARER}),
    Kind.EXACT: frozenset({Role.PREPARER}),
    Kind.PSEUDONYM: _CASE | _LAW | {Role.SHELTER_STAFF, Role.CLINICIAN},
    Kind.AUDIT: frozenset({Role.AUDITOR}),
}

RESTRICTABLE = frozenset({Kind.IDENTITY, Kind.SHELTER, Kind.ADVOCACY, Kind.LEGAL, Kind.DOCUMENTS})
"""Kinds of which a restricted client has compartments of her own."""


def held_by(roles: Iterable[Role]) -> frozenset[Kind]:
    """The agency-wide compartments that a person with `roles` belongs to."""
    mine = set(roles)
    return frozenset(kind for kind, holders in HOLDERS.items() if holders & mine)
