"""The roles a colleague may hold and which of them may never meet in one person."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    CASEWORKER = "caseworker"
    CLINICIAN = "clinician"
    DIRECTOR = "director"
    LEGAL_ADVOCATE = "legal_advocate"
    LEGAL_SUPERVISOR = "legal_supervisor"
    PREPARER = "preparer"
    SHELTER_STAFF = "shelter_staff"
    STEWARD = "steward"
    SUPERVISOR = "supervisor"
    VOLUNTEER = "volunteer"


FACT_WRITERS = frozenset(
    {
        Role.CASEWORKER,
        Role.CLINICIAN,
        Role.LEGAL_ADVOCATE,
        Role.LEGAL_SUPERVISOR,
        Role.SHELTER_STAFF,
        Role.SUPERVISOR,
    }
)
"""Roles that hold the pseudonym key; who can make a pseudonym must never read facts."""

FACT_READERS = frozenset({Role.DIRECTOR, Role.PREPARER})

LEGAL_STAFF = frozenset({Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR})
"""Roles whose work with somebody tells that there may be a matter."""


def clashes(roles: Iterable[Role]) -> list[tuple[Role, Role]]:
    """The pairs among `roles` that one person may not hold together, in a stable order."""
    held = sorted(set(roles))
    return [(a, b) for i, a in enumerate(held) for b in held[i + 1 :] if not _may_share(a, b)]


def _may_share(a: Role, b: Role) -> bool:
    pair = {a, b}
    if Role.AUDITOR in pair:
        return False
    if pair == {Role.ADMINISTRATOR, Role.STEWARD}:
        return False
    return not (pair & FACT_READERS and pair & FACT_WRITERS)
