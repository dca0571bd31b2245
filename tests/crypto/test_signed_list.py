"""The signed list as it is meant: who may say what, and what the list then says."""

import hashlib
import os

import pytest

from shelter.crypto.bodies import Binding, Genesis, NewKit, Unbind, decode_body, kit_id
from shelter.crypto.compartments import new_compartment_key
from shelter.crypto.errors import Unopenable
from shelter.crypto.statements import (
    Statement,
    confirmation_words,
    endorse,
    extend,
    fingerprint,
    first_statement,
    make_statement,
    verify_chain,
)
from shelter.crypto.words import spoken_words
from tests.crypto.founding import Agency, Keys, new_kit


@pytest.fixture
def agency() -> Agency:
    return Agency()


@pytest.fixture
def worker(agency: Agency) -> Keys:
    worker = Keys()
    agency.admit(worker)
    return worker


@pytest.mark.parametrize("founders", [1, 2])
def test_founders_are_stewards_and_the_fingerprint_is_the_hash_of_the_first_statement(founders: int) -> None:
    agency = Agency(founders)
    first = agency.statements[0]
    roll = verify_chain([first], fingerprint(first))
    assert roll.stewards == {each.user for each in agency.founders}
    assert (roll.fingerprint, roll.head) == (first.hash, (1, first.hash))
    assert (roll.agency, roll.fictional, roll.kit_id) == (agency.id, True, kit_id(agency.id))
    assert roll.exchange_public(agency.kit.id) == agency.kit.exchange.public
    assert roll.signing_public(agency.kit.id) == agency.kit.signing.public


def test_both_founders_and_the_kit_may_sign_the_first_statement() -> None:
    agency = Agency()
    genesis = decode_body(agency.statements[0].body)
    assert isinstance(genesis, Genesis)
    signers = [*(each.signer for each in agency.founders), agency.kit_signer]
    assert verify_chain([first_statement(genesis, signers)], None).agency == agency.id


def test_a_bound_member_is_found_by_whoever_seals_to_her(agency: Agency, worker: Keys) -> None:
    roll = agency.roll
    assert roll.members(agency.compartment) == {worker.user, agency.kit.id}
    assert roll.members(os.urandom(16)) == frozenset()
    assert roll.recipients(agency.compartment) == {
        worker.user: worker.exchange.public,
        agency.kit.id: agency.kit.exchange.public,
    }
    assert roll.binding(worker.user) == worker.binding
    with pytest.raises(Unopenable):
        roll.binding(os.urandom(16))


def test_any_member_rotates_and_the_newest_version_is_the_one_to_seal_under(agency: Agency, worker: Keys) -> None:
    with pytest.raises(Unopenable):
        agency.roll.newest_version(agency.compartment)
    first, second = agency.rotate(worker), agency.rotate(worker)
    newest = agency.roll.newest_version(agency.compartment)
    assert (newest.version, newest.id, newest.public) == (2, second.id, second.public)
    assert agency.roll.key_version(agency.compartment, 1).commitment == first.commitment


def test_the_kit_rotates_like_any_member(agency: Agency, worker: Keys) -> None:
    key = new_compartment_key(agency.compartment, 1)
    agency.say(key.statement(), agency.kit_signer)
    assert agency.roll.newest_version(agency.compartment).id == key.id


def test_a_stored_list_reads_back_and_verifies(agency: Agency, worker: Keys) -> None:
    agency.rotate(worker)
    rows = [(each.seq, each.prev, each.body, each.encoded_signatures()) for each in agency.statements]
    roll = verify_chain((Statement.from_row(*row) for row in rows), agency.fingerprint)
    assert roll.head == agency.roll.head
    assert agency.statements[-1].signer == worker.user


def test_extending_a_roll_leaves_the_one_before_as_it_was(agency: Agency, worker: Keys) -> None:
    before = agency.roll
    head, members = before.head, before.members(agency.compartment)
    agency.say(Unbind(worker.user))
    assert (before.head, before.members(agency.compartment)) == (head, members)
    assert worker.user not in agency.roll.members(agency.compartment)


def test_who_is_unbound_leaves_every_roster_and_is_no_member_when_bound_again(agency: Agency, worker: Keys) -> None:
    agency.say(Unbind(worker.user))
    assert agency.roll.members(agency.compartment) == {agency.kit.id}
    agency.say(worker.with_new_keys().binding)
    assert agency.roll.members(agency.compartment) == {agency.kit.id}


def test_a_later_binding_replaces_the_keys_and_keeps_her_on_the_roster(agency: Agency, worker: Keys) -> None:
    again = worker.with_new_keys()
    agency.say(again.binding)
    assert agency.roll.recipients(agency.compartment)[worker.user] == again.exchange.public
    assert agency.roll.signing_keys[worker.user] == (worker.signing.public, again.signing.public)
    with pytest.raises(Unopenable):
        agency.rotate(worker)
    agency.rotate(again)


def test_two_change_the_stewards(agency: Agency, worker: Keys) -> None:
    first, second = agency.founders
    agency.say(agency.roster(worker, stewards=[first, second, worker]), first.signer, second.signer)
    assert agency.roll.stewards == {first.user, second.user, worker.user}
    agency.say(agency.roster(worker, stewards=[worker]), worker.signer, agency.kit_signer)
    assert agency.roll.stewards == {worker.user}


def test_the_second_steward_may_sign_later_than_the_first(agency: Agency, worker: Keys) -> None:
    first, second = agency.founders
    body = agency.roster(worker, stewards=[first, second, worker])
    head = agency.roll.head
    early = endorse(
        body,
        agency=agency.id,
        seq=head.seq + 1,
        prev=head.hash,
        signer=first.user,
        private=first.signing.private,
    )
    agency.rotate(worker)  # the list went on meanwhile
    head = agency.roll.head
    late = endorse(
        body,
        agency=agency.id,
        seq=head.seq + 1,
        prev=head.hash,
        signer=second.user,
        private=second.signing.private,
    )
    agency.add(make_statement(head.seq + 1, head.hash, body, [late, early]))
    assert worker.user in agency.roll.stewards


def test_two_bind_a_steward_anew_and_two_dismiss_her(agency: Agency) -> None:
    first, second = agency.founders
    again = second.with_new_keys()
    agency.say(again.binding, first.signer, agency.kit_signer)
    assert agency.roll.signing_public(second.user) == again.signing.public
    agency.say(Unbind(first.user), again.signer, agency.kit_signer)
    assert agency.roll.stewards == {second.user}


def test_a_new_kit_takes_the_place_of_the_old_one_on_every_roster(agency: Agency, worker: Keys) -> None:
    kit, public = new_kit(agency, 2)
    agency.say(NewKit(public), agency.steward.signer, agency.kit_signer)
    assert agency.roll.kit == public
    assert agency.roll.recipients(agency.compartment)[kit.id] == kit.exchange.public
    assert agency.roll.signing_keys[kit.id] == (agency.kit.signing.public, kit.signing.public)
    with pytest.raises(Unopenable):
        agency.say(new_compartment_key(agency.compartment, 1).statement(), agency.kit_signer)


def test_a_pinned_place_is_still_there_when_the_list_went_on(agency: Agency, worker: Keys) -> None:
    pin = agency.roll.head
    agency.rotate(worker)
    agency.roll.require_place(*pin)
    assert agency.roll.head != pin


def test_the_six_words_come_from_binding_and_fingerprint(agency: Agency) -> None:
    binding = Keys().binding
    digest = hashlib.sha256(binding.encode() + agency.fingerprint).digest()
    words = confirmation_words(binding, agency.fingerprint)
    assert words == spoken_words(digest)
    assert len(words) == 6
    swapped = Binding(binding.user, os.urandom(32), binding.ed25519)
    assert confirmation_words(swapped, agency.fingerprint) != words
    assert confirmation_words(binding, os.urandom(32)) != words


def test_verifying_anew_and_step_by_step_give_the_same_roll(agency: Agency, worker: Keys) -> None:
    agency.rotate(worker)
    agency.say(Unbind(worker.user))
    roll = verify_chain(agency.statements[:1], agency.fingerprint)
    for statement in agency.statements[1:]:
        roll = extend(roll, statement)
    whole = verify_chain(agency.statements, agency.fingerprint)
    assert vars(roll) == vars(whole)
