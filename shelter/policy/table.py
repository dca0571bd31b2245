"""The one table: each act, and the clauses of which any one allows it.

A clause is a role and the relations that must all hold. An act without a clause is denied. Deny
(NOT_DENIED) is added to every clause about a client, so no clause can forget it.
"""

from collections.abc import Collection
from dataclasses import dataclass

from shelter.policy.acts import Act
from shelter.policy.kinds import Kind
from shelter.policy.relations import Relation
from shelter.policy.roles import Role


@dataclass(frozen=True, slots=True)
class Clause:
    role: Role
    relations: tuple[Relation, ...] = ()

    def __str__(self) -> str:
        return " + ".join([self.role, *self.relations])


def _one(role: Role, *relations: Relation) -> tuple[Clause, ...]:
    return (Clause(role, relations),)


def _any(*roles: Role) -> tuple[Clause, ...]:
    return tuple(Clause(role) for role in roles)


_WITH_HER = (
    Clause(Role.CASEWORKER, (Relation.ASSIGNED, Relation.NOT_DENIED)),
    Clause(Role.CASEWORKER, (Relation.AT_MY_OPEN_SITE, Relation.NOT_DENIED)),
    Clause(Role.SUPERVISOR, (Relation.AT_MY_SITE, Relation.NOT_DENIED)),
)
_LAW_WITH_HER = (
    Clause(Role.LEGAL_ADVOCATE, (Relation.ADVOCATE, Relation.NOT_DENIED)),
    Clause(Role.LEGAL_SUPERVISOR, (Relation.NOT_DENIED,)),
)
# In an emergency a record opens for an hour to somebody else: to be read and worked in, not to be taken along.
_ASSIGNED_CASE = (
    *_WITH_HER,
    Clause(Role.CASEWORKER, (Relation.BROKE_GLASS, Relation.NOT_DENIED)),
    Clause(Role.SUPERVISOR, (Relation.BROKE_GLASS, Relation.NOT_DENIED)),
)
_LEGAL = (*_LAW_WITH_HER, Clause(Role.LEGAL_ADVOCATE, (Relation.BROKE_GLASS, Relation.NOT_DENIED)))
_DESK = _one(Role.SHELTER_STAFF, Relation.RESIDENT_HERE, Relation.NOT_DENIED)
_CASE_AT_SITE = _one(Role.CASEWORKER, Relation.AT_MY_SITE, Relation.NOT_DENIED) + _one(
    Role.SUPERVISOR, Relation.AT_MY_SITE, Relation.NOT_DENIED
)
_SUPERVISOR = _one(Role.SUPERVISOR, Relation.AT_MY_SITE, Relation.NOT_DENIED)
_REVIEW = _SUPERVISOR + _one(Role.LEGAL_SUPERVISOR, Relation.NOT_DENIED)
_REVIEW_OF_COPIES = _REVIEW + _one(Role.LEGAL_ADVOCATE, Relation.NOT_DENIED)
"""An advocate only where no legal supervisor can, and of legal work alone: who that is, the copies know."""

TABLE: dict[Act, tuple[Clause, ...]] = {
    Act.ACCOUNT_OWN: _any(*Role),
    Act.ACCOUNT_SECURE: _any(*Role),
    Act.ACCOUNTS_MANAGE: _any(Role.ADMINISTRATOR),
    Act.ARRIVALS_COMPLETE: _CASE_AT_SITE,
    Act.ANSWERS_WRITE: _ASSIGNED_CASE,
    Act.AGENCY_EXPORT: _any(Role.STEWARD),
    Act.ARRIVALS_TAKE: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.AUDIT_READ: _any(Role.AUDITOR),
    Act.BANS_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.BEDS_COUNT: _any(Role.DIRECTOR, Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR, Role.VOLUNTEER),
    Act.BEDS_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.BEDS_PRINT: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.BEDS_SEE: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR, Role.VOLUNTEER),
    Act.BREACHES_KEEP: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR, Role.DIRECTOR, Role.STEWARD, Role.ADMINISTRATOR),
    Act.BREACHES_TELL: _SUPERVISOR + _one(Role.LEGAL_SUPERVISOR, Relation.NOT_DENIED),
    Act.CALENDAR_OWN: _any(Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.CASELOADS_SEE: _any(Role.SUPERVISOR),
    Act.CASES_CLOSE: _ASSIGNED_CASE,
    Act.CLIENTS_ASSIGN: _SUPERVISOR,
    Act.CLIENTS_COPY: _WITH_HER,
    Act.CLIENTS_CREATE: _any(Role.CASEWORKER, Role.SUPERVISOR),
    Act.CLIENTS_MATCH: _any(Role.SUPERVISOR),
    Act.CLIENTS_MERGE: _SUPERVISOR,
    Act.CLIENTS_PRINT: _WITH_HER + _LAW_WITH_HER,
    Act.CLIENTS_READ: _ASSIGNED_CASE + _LEGAL,
    Act.CLIENTS_RESTRICT: _SUPERVISOR,
    Act.CLIENTS_REVEAL: _ASSIGNED_CASE + _LEGAL,
    Act.CLIENTS_SEARCH: _any(Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.CLIENTS_UPDATE: _ASSIGNED_CASE,
    # Whoever is on call checks for a whole site, from a telephone: being at the site is enough.
    Act.CONFLICTS_CHECK: _CASE_AT_SITE,
    Act.CONFLICTS_SEE: _CASE_AT_SITE + _DESK,
    Act.COPIES_ASK: _WITH_HER + _LAW_WITH_HER,
    Act.COPIES_GIVE: _WITH_HER + _LAW_WITH_HER,
    # Of those that were sealed to her own key: the query asks for these, whoever works with whom.
    Act.COPIES_READ: tuple(
        Clause(role, (Relation.NOT_DENIED,))
        for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR)
    ),
    Act.COPIES_REVIEW: _REVIEW_OF_COPIES,
    Act.COUNTRIES_READ: _any(Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.COUNTRIES_WRITE: _any(Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.COVERS_ARRANGE: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR),
    Act.COVERS_OWN: _any(Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.DEMANDS_ANSWER: _SUPERVISOR + _one(Role.LEGAL_SUPERVISOR, Relation.NOT_DENIED),
    Act.DEMANDS_COUNSEL: _any(Role.LEGAL_SUPERVISOR),
    Act.DEMANDS_GUIDE: _any(*Role),
    Act.DEMANDS_KEEP: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR),
    Act.DEMANDS_RECEIVE: _any(
        Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR
    ),
    Act.DESK_FACTS_KEEP: _ASSIGNED_CASE + _DESK,
    Act.DOOR_ALERTS_SEE: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.ERASINGS_AGREE: _any(Role.STEWARD),
    Act.ERASINGS_ASK: _SUPERVISOR,
    Act.ERASINGS_DO: _SUPERVISOR,
    Act.ERASINGS_SEE: _any(Role.STEWARD, Role.SUPERVISOR),
    Act.FUNDER_FILES_AGREE: _any(Role.DIRECTOR, Role.PREPARER),
    Act.FUNDER_FILES_PREPARE: _any(Role.PREPARER),
    Act.FUNDER_FILES_SEE: _any(Role.DIRECTOR, Role.PREPARER),
    Act.DOOR_LOG_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR, Role.VOLUNTEER),
    Act.HAND_OVER_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.GLASS_BREAK: _any(Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE),
    Act.GLASS_REVIEW: _REVIEW,
    Act.HMIS_EXPORT: _any(Role.SUPERVISOR),
    Act.HARM_WRITE: _ASSIGNED_CASE,
    Act.HMIS_IMPORT: _any(Role.SUPERVISOR),
    Act.HOLDS_KEEP: _SUPERVISOR + _LAW_WITH_HER,
    Act.INCIDENTS_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.KEYS_STEWARD: _any(Role.STEWARD),
    Act.LAW_CHANGE: _any(Role.LEGAL_SUPERVISOR),
    Act.LAW_READ: _any(Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.LEDGER_TELL: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR),
    Act.LOOKED_SEE: _WITH_HER + _LAW_WITH_HER,
    Act.MATTERS_COPY: _LAW_WITH_HER,
    Act.MATTERS_GIVE: _one(Role.LEGAL_SUPERVISOR, Relation.NOT_DENIED),
    Act.MATTERS_OPEN: _one(Role.LEGAL_ADVOCATE, Relation.ADVOCATE, Relation.NOT_DENIED)
    + _one(Role.LEGAL_SUPERVISOR, Relation.NOT_DENIED),
    Act.MATTERS_READ: _LEGAL,
    Act.MATTERS_WRITE: _LEGAL,
    Act.MESSAGES_SEND: _ASSIGNED_CASE + _LEGAL + _DESK,
    Act.MONEY_APPROVE: _SUPERVISOR,
    Act.MONEY_ASK: _ASSIGNED_CASE,
    Act.NOTES_COUNSELLING: _one(Role.CASEWORKER, Relation.ASSIGNED, Relation.NOT_DENIED) + _SUPERVISOR,
    Act.NOTES_READ: _ASSIGNED_CASE,
    Act.NOTES_SUPERVISION: _SUPERVISOR,
    Act.NOTES_WRITE: _ASSIGNED_CASE,
    Act.NIGHTS_COUNT: _any(Role.SUPERVISOR),
    Act.NUMBERS_EXPLAIN: _any(Role.CASEWORKER, Role.SUPERVISOR, Role.LEGAL_ADVOCATE, Role.LEGAL_SUPERVISOR),
    Act.ON_CALL_KEEP: _any(Role.SUPERVISOR),
    Act.ON_CALL_SEE: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR, Role.VOLUNTEER),
    Act.PAPERS_COUNSEL: _LEGAL,
    Act.PAPERS_READ: _ASSIGNED_CASE + _LEGAL,
    Act.PAPERS_WRITE: _ASSIGNED_CASE + _LEGAL,
    Act.PLACES_MANAGE: _any(Role.SUPERVISOR, Role.ADMINISTRATOR),
    Act.PLANS_AGREE: _SUPERVISOR,
    Act.PLANS_PRINT: _ASSIGNED_CASE,
    Act.PLANS_READ: _ASSIGNED_CASE,
    Act.PLANS_WRITE: _ASSIGNED_CASE,
    Act.REFERRALS_INVITE: _any(Role.SUPERVISOR),
    Act.REFERRALS_READ: _ASSIGNED_CASE,
    Act.REFERRALS_TAKE: _any(Role.CASEWORKER, Role.SUPERVISOR),
    Act.REFERRALS_WRITE: _ASSIGNED_CASE,
    Act.RELEASES_DISCLOSE: _ASSIGNED_CASE + _LEGAL,
    Act.RELEASES_PROVE: _any(Role.SUPERVISOR),
    Act.RELEASES_READ: _ASSIGNED_CASE + _LEGAL,
    Act.RELEASES_WRITE: _ASSIGNED_CASE + _LEGAL,
    Act.REPORTS_PUBLISH: _any(Role.DIRECTOR),
    Act.REPORTS_SEE: _any(Role.DIRECTOR),
    Act.REQUESTS_KEEP: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    Act.RESIDENTS_SEE: _ASSIGNED_CASE + _DESK,
    Act.ROLL_TAKE: _ASSIGNED_CASE + _DESK,
    Act.SERVICES_COUNT: _any(Role.SHELTER_STAFF, Role.CASEWORKER, Role.SUPERVISOR),
    # The desk of tonight gives what a house gives; its words stay in the compartment of the house.
    Act.SERVICES_HOUSE: _DESK,
    Act.SERVICES_READ: _ASSIGNED_CASE + _LEGAL,
    Act.SERVICES_WRITE: _ASSIGNED_CASE + _LEGAL,
    Act.SETTINGS_MANAGE: _any(Role.ADMINISTRATOR),
    # Which rows, each kind asks of the act that its form asks of: a client's own clauses hold row by row.
    Act.SHEETS_IMPORT: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR),
    Act.SHEETS_PREPARE: _any(Role.SUPERVISOR, Role.LEGAL_SUPERVISOR),
    Act.STAYS_EXTEND: _SUPERVISOR,
    Act.STAYS_PLAN: _ASSIGNED_CASE,
    Act.STAYS_READ: _ASSIGNED_CASE + _DESK,
    # Her own act of the last ten minutes: whom it was about may have left since, so no stay is asked for.
    Act.STAYS_UNDO: _one(Role.SHELTER_STAFF, Relation.NOT_DENIED)
    + _one(Role.CASEWORKER, Relation.NOT_DENIED)
    + _one(Role.SUPERVISOR, Relation.NOT_DENIED),
    Act.STAYS_WRITE: _ASSIGNED_CASE + _DESK,
    Act.TODAY_SEE: _any(Role.CASEWORKER, Role.SUPERVISOR),
}

NEEDS: dict[Act, frozenset[Kind]] = {
    Act.ANSWERS_WRITE: frozenset({Kind.ADVOCACY}),
    Act.AUDIT_READ: frozenset({Kind.AUDIT}),
    Act.ARRIVALS_COMPLETE: frozenset({Kind.INTAKE, Kind.IDENTITY, Kind.SHELTER}),
    Act.BANS_KEEP: frozenset({Kind.SHELTER}),
    Act.BEDS_PRINT: frozenset({Kind.SHELTER}),
    Act.CASELOADS_SEE: frozenset({Kind.IDENTITY, Kind.ADVOCACY}),
    Act.CASES_CLOSE: frozenset({Kind.ADVOCACY, Kind.PSEUDONYM}),
    Act.CLIENTS_COPY: frozenset({Kind.IDENTITY, Kind.SHELTER}),
    Act.CLIENTS_CREATE: frozenset({Kind.IDENTITY, Kind.SHELTER}),
    Act.CLIENTS_MATCH: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_MERGE: frozenset({Kind.IDENTITY, Kind.SHELTER}),
    Act.CLIENTS_PRINT: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_READ: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_RESTRICT: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_REVEAL: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_SEARCH: frozenset({Kind.IDENTITY}),
    Act.CLIENTS_UPDATE: frozenset({Kind.IDENTITY}),
    Act.CONFLICTS_CHECK: frozenset({Kind.INTAKE, Kind.IDENTITY, Kind.SHELTER}),
    Act.CONFLICTS_SEE: frozenset({Kind.SHELTER}),
    Act.COPIES_ASK: frozenset({Kind.IDENTITY}),
    Act.COPIES_GIVE: frozenset({Kind.IDENTITY}),
    Act.COPIES_READ: frozenset({Kind.IDENTITY}),
    Act.COPIES_REVIEW: frozenset({Kind.IDENTITY}),
    Act.BREACHES_KEEP: frozenset({Kind.HOUSE}),
    Act.BREACHES_TELL: frozenset({Kind.IDENTITY}),
    Act.DEMANDS_ANSWER: frozenset({Kind.IDENTITY}),
    Act.DEMANDS_COUNSEL: frozenset({Kind.IDENTITY, Kind.LEGAL}),
    Act.DEMANDS_KEEP: frozenset({Kind.IDENTITY}),
    Act.DESK_FACTS_KEEP: frozenset({Kind.SHELTER}),
    Act.DOOR_ALERTS_SEE: frozenset({Kind.SHELTER}),
    Act.ERASINGS_ASK: frozenset({Kind.IDENTITY}),
    Act.ERASINGS_DO: frozenset({Kind.IDENTITY, Kind.SHELTER, Kind.ADVOCACY, Kind.PSEUDONYM}),
    Act.FUNDER_FILES_AGREE: frozenset({Kind.FACTS}),
    Act.FUNDER_FILES_PREPARE: frozenset({Kind.FACTS, Kind.EXACT}),
    Act.FUNDER_FILES_SEE: frozenset({Kind.FACTS}),
    Act.DOOR_LOG_KEEP: frozenset({Kind.HOUSE}),
    Act.HAND_OVER_KEEP: frozenset({Kind.HOUSE, Kind.SHELTER}),
    Act.GLASS_BREAK: frozenset({Kind.IDENTITY}),
    Act.GLASS_REVIEW: frozenset({Kind.IDENTITY}),
    Act.HMIS_EXPORT: frozenset({Kind.IDENTITY, Kind.ADVOCACY}),
    Act.HARM_WRITE: frozenset({Kind.ADVOCACY, Kind.PSEUDONYM}),
    Act.HMIS_IMPORT: frozenset({Kind.IDENTITY, Kind.SHELTER, Kind.ADVOCACY}),
    Act.LEDGER_TELL: frozenset({Kind.PSEUDONYM}),
    Act.HOLDS_KEEP: frozenset({Kind.IDENTITY}),
    Act.INCIDENTS_KEEP: frozenset({Kind.HOUSE, Kind.SHELTER}),
    Act.MATTERS_COPY: frozenset({Kind.IDENTITY, Kind.LEGAL}),
    Act.MATTERS_GIVE: frozenset({Kind.LEGAL}),
    Act.MATTERS_OPEN: frozenset({Kind.LEGAL}),
    Act.MATTERS_READ: frozenset({Kind.LEGAL}),
    Act.MATTERS_WRITE: frozenset({Kind.LEGAL}),
    Act.MONEY_APPROVE: frozenset({Kind.ADVOCACY}),
    Act.MONEY_ASK: frozenset({Kind.ADVOCACY}),
    Act.NOTES_COUNSELLING: frozenset({Kind.ADVOCACY}),
    Act.NOTES_READ: frozenset({Kind.ADVOCACY}),
    Act.NOTES_SUPERVISION: frozenset({Kind.ADVOCACY}),
    Act.NOTES_WRITE: frozenset({Kind.ADVOCACY}),
    Act.NIGHTS_COUNT: frozenset({Kind.SHELTER}),
    Act.NUMBERS_EXPLAIN: frozenset({Kind.IDENTITY, Kind.PSEUDONYM}),
    Act.ON_CALL_KEEP: frozenset({Kind.HOUSE}),
    Act.ON_CALL_SEE: frozenset({Kind.HOUSE}),
    Act.PAPERS_COUNSEL: frozenset({Kind.DOCUMENTS}),
    Act.PAPERS_READ: frozenset({Kind.DOCUMENTS}),
    Act.PAPERS_WRITE: frozenset({Kind.DOCUMENTS}),
    Act.PLANS_AGREE: frozenset({Kind.ADVOCACY}),
    Act.PLANS_PRINT: frozenset({Kind.ADVOCACY}),
    Act.PLANS_READ: frozenset({Kind.ADVOCACY}),
    Act.PLANS_WRITE: frozenset({Kind.ADVOCACY}),
    Act.REFERRALS_INVITE: frozenset({Kind.INTAKE}),
    Act.REFERRALS_READ: frozenset({Kind.ADVOCACY}),
    Act.REFERRALS_TAKE: frozenset({Kind.INTAKE, Kind.IDENTITY, Kind.ADVOCACY}),
    Act.REFERRALS_WRITE: frozenset({Kind.ADVOCACY, Kind.IDENTITY}),
    Act.RELEASES_DISCLOSE: frozenset({Kind.IDENTITY}),
    Act.RELEASES_PROVE: frozenset({Kind.IDENTITY}),
    Act.RELEASES_READ: frozenset({Kind.IDENTITY}),
    Act.RELEASES_WRITE: frozenset({Kind.IDENTITY, Kind.DOCUMENTS}),
    Act.REPORTS_PUBLISH: frozenset({Kind.FACTS}),
    Act.REPORTS_SEE: frozenset({Kind.FACTS}),
    Act.REQUESTS_KEEP: frozenset({Kind.SHELTER, Kind.PSEUDONYM}),
    Act.RESIDENTS_SEE: frozenset({Kind.SHELTER}),
    Act.ROLL_TAKE: frozenset({Kind.SHELTER}),
    Act.SHEETS_IMPORT: frozenset({Kind.IDENTITY, Kind.PSEUDONYM}),
    Act.SHEETS_PREPARE: frozenset({Kind.IDENTITY, Kind.PSEUDONYM}),
    Act.STAYS_EXTEND: frozenset({Kind.ADVOCACY}),
    Act.STAYS_PLAN: frozenset({Kind.ADVOCACY, Kind.IDENTITY}),
    Act.SERVICES_COUNT: frozenset({Kind.SHELTER, Kind.PSEUDONYM}),
    Act.SERVICES_HOUSE: frozenset({Kind.SHELTER, Kind.PSEUDONYM}),
    Act.SERVICES_READ: frozenset({Kind.IDENTITY}),
    Act.SERVICES_WRITE: frozenset({Kind.IDENTITY, Kind.PSEUDONYM}),
    Act.STAYS_READ: frozenset({Kind.SHELTER}),
    Act.STAYS_UNDO: frozenset({Kind.SHELTER}),
    Act.STAYS_WRITE: frozenset({Kind.SHELTER}),
    Act.TODAY_SEE: frozenset({Kind.IDENTITY, Kind.ADVOCACY, Kind.SHELTER}),
}
"""The keys an act cannot be done without: no key, no act, whatever the clauses say."""

STEP_UP = frozenset(
    {
        Act.ACCOUNT_SECURE,
        Act.ACCOUNTS_MANAGE,
        Act.AGENCY_EXPORT,
        Act.COPIES_GIVE,
        Act.ERASINGS_AGREE,
        Act.ERASINGS_DO,
        Act.FUNDER_FILES_AGREE,
        Act.FUNDER_FILES_PREPARE,
        Act.GLASS_BREAK,
        Act.HMIS_EXPORT,
        Act.HMIS_IMPORT,
        Act.KEYS_STEWARD,
        Act.REPORTS_PUBLISH,
        Act.SHEETS_IMPORT,
    }
)
"""Acts that ask for a passphrase or passkey within the last ten minutes."""

OFFICE = frozenset(
    {
        Act.ACCOUNTS_MANAGE,
        Act.AGENCY_EXPORT,
        Act.ERASINGS_AGREE,
        Act.KEYS_STEWARD,
        Act.PLACES_MANAGE,
        Act.SETTINGS_MANAGE,
    }
)
"""What stewards and administrators do: an operator may demand a passkey for it, and networks it is done from."""


def about_a_client(act: Act) -> bool:
    """Whether the act is decided for one client at a time (some clause names a relation)."""
    return any(clause.relations for clause in TABLE.get(act, ()))


def done_only_by(roles: Collection[Role]) -> frozenset[Act]:
    """Acts of which every clause is of one of these roles: the act alone tells who did it."""
    return frozenset(act for act, clauses in TABLE.items() if {clause.role for clause in clauses} <= set(roles))
