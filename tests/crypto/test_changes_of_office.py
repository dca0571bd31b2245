"""Changes of stewards and of the kit under attack: two must sign, and no signature serves twice."""

import os

import msgspec
import pytest

from shelter.crypto.bodies import Binding, NewKit, Roster, Unbind
from shelter.crypto.errors import Unopenable
from shelter.crypto.statements import (
    NO_STATEMENT,
    Statement,
    endorse,
    extend,
    make_statement,
    next_statement,
)
from tests.crypto.founding import Agency, Keys, new_kit


@pytest.fixture
def agency() -> Agency:
    return Agency()


@pytest.fixture
def worker(agency: Agency) -> Keys:
    worker = Keys()
    agency.admit(worker)
    return worker


def refused(agency: Agency, statement: Statement) -> None:
    with pytest.raises(Unopenable):
        extend(agency.roll, statement)


def changes_of_office(agency: Agency, worker: Keys) -> list[Roster | Unbind | Binding | NewKit]:
    first, second = agency.founders
    return [
        agency.roster(worker, stewards=[first]),
        agency.roster(worker, stewards=[first, second, worker]),
        Unbind(second.user),
        second.with_new_keys().binding,
        NewKit(new_kit(agency, 2)[1]),
    ]


@pytest.mark.parametrize("which", range(5))
def test_a_change_of_stewards_or_kit_without_a_second_signature_is_refused(
    agency: Agency, worker: Keys, which: int
) -> None:
    first, second = agency.founders
    body = changes_of_office(agency, worker)[which]
    for signers in (
        [first.signer],
        [agency.kit_signer],
        [first.signer, worker.signer],
        [first.signer, (second.user, first.signing.private)],
        [first.signer, second.signer, worker.signer],
    ):
        refused(agency, next_statement(agency.roll, body, signers))
    twice = next_statement(agency.roll, body, [first.signer, first.signer])
    refused(agency, twice)
    extend(agency.roll, next_statement(agency.roll, body, [first.signer, second.signer]))
    extend(agency.roll, next_statement(agency.roll, body, [first.signer, agency.kit_signer]))


def test_an_early_signature_serves_once_and_ends_with_the_next_change_of_office(agency: Agency, worker: Keys) -> None:
    first, second = agency.founders
    old = agency.roll.head
    promote = agency.roster(worker, stewards=[first, second, worker])
    demote = agency.roster(worker, stewards=[first, second])
    early = endorse(
        promote,
        agency=agency.id,
        seq=old.seq + 1,
        prev=old.hash,
        signer=first.user,
        private=first.signing.private,
    )
    agency.say(promote, first.signer, second.signer)
    agency.say(demote, first.signer, second.signer)
    head = agency.roll.head
    late = endorse(
        promote,
        agency=agency.id,
        seq=head.seq + 1,
        prev=head.hash,
        signer=second.user,
        private=second.signing.private,
    )
    refused(agency, make_statement(head.seq + 1, head.hash, promote, [early, late]))


def test_an_early_signature_at_a_place_that_never_was_is_refused(agency: Agency, worker: Keys) -> None:
    first, second = agency.founders
    body = agency.roster(worker, stewards=[first])
    head = agency.roll.head
    late = endorse(
        body,
        agency=agency.id,
        seq=head.seq + 1,
        prev=head.hash,
        signer=second.user,
        private=second.signing.private,
    )
    for seq, prev in ((head.seq, os.urandom(32)), (head.seq + 2, head.hash), (1, NO_STATEMENT)):
        early = endorse(body, agency=agency.id, seq=seq, prev=prev, signer=first.user, private=first.signing.private)
        refused(agency, make_statement(head.seq + 1, head.hash, body, [early, late]))


def test_somebody_must_sign_at_the_statements_own_place(agency: Agency, worker: Keys) -> None:
    first, second = agency.founders
    body = agency.roster(worker, stewards=[first])
    old = agency.roll.head
    early = [
        endorse(
            body,
            agency=agency.id,
            seq=old.seq + 1,
            prev=old.hash,
            signer=each.user,
            private=each.signing.private,
        )
        for each in (first, second)
    ]
    agency.rotate(worker)
    head = agency.roll.head
    refused(agency, make_statement(head.seq + 1, head.hash, body, early))


def test_what_one_may_say_alone_is_signed_at_its_own_place(agency: Agency, worker: Keys) -> None:
    body = Unbind(worker.user)
    old = agency.roll.head
    early = endorse(
        body,
        agency=agency.id,
        seq=old.seq + 1,
        prev=old.hash,
        signer=agency.steward.user,
        private=agency.steward.signing.private,
    )
    agency.rotate(worker)
    head = agency.roll.head
    refused(agency, make_statement(head.seq + 1, head.hash, body, [early]))
    second = agency.founders[1]
    late = endorse(
        body,
        agency=agency.id,
        seq=head.seq + 1,
        prev=head.hash,
        signer=second.user,
        private=second.signing.private,
    )
    refused(agency, make_statement(head.seq + 1, head.hash, body, [early, late]))


def test_the_last_steward_stays_until_another_is_in_office() -> None:
    agency = Agency(founders=1)
    body = Unbind(agency.steward.user)
    refused(agency, next_statement(agency.roll, body, [agency.steward.signer, agency.kit_signer]))


def test_a_kit_is_counted_and_never_comes_back(agency: Agency) -> None:
    two = [each.signer for each in agency.founders]
    for number in (1, 3):
        refused(agency, next_statement(agency.roll, NewKit(new_kit(agency, number)[1]), two))
    old = msgspec.structs.replace(agency.roll.kit, number=2)
    refused(agency, next_statement(agency.roll, NewKit(old), two))
