"""The laws of policy: deny wins, no key no act, no clause no act, and roles that may never meet."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.policy.actor import Actor, ClientFacts
from shelter.policy.acts import Act
from shelter.policy.decide import decide, may_ever, require, require_step_up
from shelter.policy.errors import Denied, StepUpNeeded
from shelter.policy.kinds import HOLDERS, Kind, held_by
from shelter.policy.relations import Relation
from shelter.policy.roles import FACT_READERS, FACT_WRITERS, Role, clashes
from shelter.policy.table import NEEDS, STEP_UP, TABLE, about_a_client
from shelter.rules.clock import now
from tests.policy.worlds import Keys, actors, client_facts

acts = st.sampled_from(list(Act))
CLIENT_DATA = frozenset(Kind) - {Kind.HOUSE, Kind.FACTS, Kind.EXACT, Kind.AUDIT, Kind.PSEUDONYM}


@given(actors(), acts, client_facts())
def test_a_conflict_of_interest_wins_over_everything(actor: Actor, act: Act, facts: ClientFacts) -> None:
    if about_a_client(act):
        assert not decide(actor, act, replace(facts, denied=facts.denied | {actor.id})).allowed


@given(actors(), acts, client_facts())
def test_without_the_keys_nothing_is_allowed(actor: Actor, act: Act, facts: ClientFacts) -> None:
    empty = replace(actor, keyring=Keys(frozenset()))
    assert not (NEEDS.get(act) and decide(empty, act, facts).allowed)


@given(actors(), acts)
def test_an_act_about_a_client_is_never_decided_without_one(actor: Actor, act: Act) -> None:
    if about_a_client(act):
        assert not decide(actor, act, None).allowed


@given(actors(), acts, client_facts())
def test_what_a_role_may_never_do_is_not_allowed_to_anybody(actor: Actor, act: Act, facts: ClientFacts) -> None:
    if decide(actor, act, facts).allowed and facts.client not in actor.keyring.restricted_clients():
        assert may_ever(actor, act)


@given(actors(), acts, client_facts())
def test_a_restricted_client_is_closed_to_those_without_her_own_keys(
    actor: Actor, act: Act, facts: ClientFacts
) -> None:
    keys = Keys(frozenset(Kind), frozenset({facts.client}))
    if NEEDS.get(act, frozenset()) - {Kind.HOUSE}:  # the house's own book is about no client
        assert not decide(replace(actor, keyring=keys), act, facts).allowed


@given(actors(), client_facts())
def test_a_caseworker_never_opens_legal_and_an_advocate_never_opens_plans(actor: Actor, facts: ClientFacts) -> None:
    case = replace(actor, roles=frozenset({Role.CASEWORKER}), keyring=Keys(held_by([Role.CASEWORKER])))
    law = replace(actor, roles=frozenset({Role.LEGAL_ADVOCATE}), keyring=Keys(held_by([Role.LEGAL_ADVOCATE])))
    for act in (Act.MATTERS_OPEN, Act.MATTERS_READ, Act.MATTERS_WRITE):
        assert not decide(case, act, facts).allowed
    for act in (Act.PLANS_READ, Act.PLANS_WRITE):
        assert not decide(law, act, facts).allowed


@given(client_facts())
def test_directors_administrators_stewards_and_auditors_reach_no_client(facts: ClientFacts) -> None:
    for role in (Role.DIRECTOR, Role.PREPARER, Role.ADMINISTRATOR, Role.STEWARD, Role.AUDITOR, Role.VOLUNTEER):
        actor = Actor(
            id=bytes(16),
            agency=bytes(16),
            roles=frozenset({role}),
            keyring=Keys(frozenset(Kind)),
            sites=facts.resident_at,
        )
        assert not [act for act in Act if about_a_client(act) and decide(actor, act, facts).allowed]
        assert not held_by([role]) & CLIENT_DATA


@given(actors(), client_facts())
def test_cover_for_a_colleague_opens_what_she_may_open(actor: Actor, facts: ClientFacts) -> None:
    worker = replace(actor, roles=frozenset({Role.CASEWORKER}), keyring=Keys(held_by([Role.CASEWORKER])))
    covered = bytes([9]) * 16
    hers = replace(facts, caseworkers=frozenset({covered}), denied=frozenset())
    assert decide(replace(worker, covers=frozenset({covered})), Act.CLIENTS_READ, hers).allowed


def test_every_act_has_clauses_and_every_clause_about_a_client_can_be_denied() -> None:
    assert set(TABLE) == set(Act)
    bare = [
        (act, clause)
        for act, clauses in TABLE.items()
        for clause in clauses
        if clause.relations and Relation.NOT_DENIED not in clause.relations
    ]
    assert bare == []


def test_readers_of_facts_never_hold_what_makes_a_pseudonym() -> None:
    for reader in FACT_READERS:
        for writer in FACT_WRITERS:
            assert clashes([reader, writer]) == [tuple(sorted((reader, writer)))]
    assert HOLDERS[Kind.PSEUDONYM] == FACT_WRITERS


def test_administrator_and_steward_auditor_and_anybody_may_not_be_one_person() -> None:
    assert clashes([Role.ADMINISTRATOR, Role.STEWARD])
    assert all(clashes([Role.AUDITOR, other]) for other in Role if other is not Role.AUDITOR)
    assert not clashes([Role.STEWARD, Role.CASEWORKER])
    assert not clashes([Role.STEWARD, Role.DIRECTOR])


def test_a_denial_names_the_act_and_nothing_else() -> None:
    actor = Actor(id=bytes(16), agency=bytes(16), roles=frozenset({Role.DIRECTOR}), keyring=Keys(frozenset(Kind)))
    with pytest.raises(Denied) as denied:
        require(actor, Act.CLIENTS_READ, ClientFacts(client=bytes(16)))
    assert denied.value.args == ("clients:read",)


@given(st.sampled_from(sorted(STEP_UP)))
def test_sensitive_acts_ask_for_a_recent_confirmation(act: Act) -> None:
    actor = Actor(id=bytes(16), agency=bytes(16), roles=frozenset(Role), keyring=Keys(frozenset(Kind)))
    with pytest.raises(StepUpNeeded):
        require_step_up(actor, act, now())
