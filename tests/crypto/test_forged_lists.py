"""The attacker who can write every row but holds no steward's key: nothing she writes is believed."""

import os
from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shelter.crypto.bodies import (
    Binding,
    Genesis,
    KeyVersion,
    KitKeys,
    Person,
    Roster,
    Unbind,
    decode_body,
    id_set,
)
from shelter.crypto.compartments import new_compartment_key
from shelter.crypto.errors import Unopenable
from shelter.crypto.statements import (
    NO_STATEMENT,
    Signature,
    Statement,
    endorse,
    extend,
    first_statement,
    make_statement,
    next_statement,
    verify_chain,
)
from tests.crypto.founding import Agency, Keys


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


def test_a_public_key_swapped_in_a_stored_binding_is_refused(agency: Agency, worker: Keys) -> None:
    place = next(at for at, each in enumerate(agency.statements) if isinstance(decode_body(each.body), Binding))
    forged = Binding(worker.user, os.urandom(32), worker.signing.public)
    agency.statements[place] = replace(agency.statements[place], body=forged.encode())
    with pytest.raises(Unopenable):
        verify_chain(agency.statements, agency.fingerprint)


@pytest.mark.parametrize("seq", range(4))
def test_a_list_with_a_missing_doubled_or_turned_statement_is_refused(agency: Agency, worker: Keys, seq: int) -> None:
    agency.rotate(worker)
    whole = agency.statements
    for forged in (
        whole[:seq] + whole[seq + 1 :],
        whole[: seq + 1] + whole[seq:],
        [*whole[:seq], replace(whole[seq], seq=seq + 2), *whole[seq + 1 :]],
    ):
        if forged != whole[:-1]:
            with pytest.raises(Unopenable):
                verify_chain(forged, agency.fingerprint)


def test_a_list_cut_short_verifies_but_breaks_the_pin_of_whoever_saw_more(agency: Agency, worker: Keys) -> None:
    pin = agency.roll.head
    short = verify_chain(agency.statements[:-1], agency.fingerprint)
    with pytest.raises(Unopenable):
        short.require_place(*pin)
    for place in ((0, NO_STATEMENT), (pin.seq, os.urandom(32)), (pin.seq - 1, pin.hash)):
        with pytest.raises(Unopenable):
            agency.roll.require_place(*place)


def test_a_list_told_anew_from_the_same_beginning_breaks_the_pin(agency: Agency, worker: Keys) -> None:
    pin = agency.roll.head
    other = Agency.__new__(Agency)
    vars(other).update(vars(agency), statements=agency.statements[:1])
    other.roll = verify_chain(other.statements, agency.fingerprint)
    other.admit(Keys())
    assert other.roll.head.seq == pin.seq
    with pytest.raises(Unopenable):
        other.roll.require_place(*pin)


def test_another_agencys_list_has_another_fingerprint(agency: Agency) -> None:
    with pytest.raises(Unopenable):
        verify_chain(Agency().statements, agency.fingerprint)
    with pytest.raises(Unopenable):
        verify_chain([], agency.fingerprint)


def test_a_list_that_does_not_begin_with_a_genesis_is_refused(agency: Agency, worker: Keys) -> None:
    with pytest.raises(Unopenable):
        verify_chain(agency.statements[1:], None)
    first = agency.statements[0]
    for forged in (replace(first, seq=2), replace(first, prev=os.urandom(32))):
        with pytest.raises(Unopenable):
            verify_chain([forged], None)


def test_a_second_genesis_is_refused(agency: Agency) -> None:
    genesis = decode_body(agency.statements[0].body)
    refused(agency, next_statement(agency.roll, genesis, [agency.steward.signer]))


def genesis_of(agency: Agency, **changes: object) -> Genesis:
    genesis = decode_body(agency.statements[0].body)
    assert isinstance(genesis, Genesis)
    return msgspec.structs.replace(genesis, **changes)


def test_a_genesis_that_a_founder_did_not_sign_is_refused(agency: Agency) -> None:
    genesis, (one, two) = genesis_of(agency), agency.founders
    stranger = Keys()
    for signers in (
        [one.signer],
        [one.signer, agency.kit_signer],
        [one.signer, stranger.signer],
        [one.signer, two.signer, stranger.signer],
        [one.signer, (two.user, stranger.signing.private)],
    ):
        with pytest.raises(Unopenable):
            verify_chain([first_statement(genesis, signers)], None)


def test_one_founder_alone_needs_the_kit(agency: Agency) -> None:
    founder = Keys()
    genesis = genesis_of(agency, founders=(founder.person,))
    with pytest.raises(Unopenable):
        verify_chain([first_statement(genesis, [founder.signer])], None)


def test_a_founder_signs_at_the_first_place_only(agency: Agency) -> None:
    genesis = genesis_of(agency)
    signatures = [
        endorse(
            genesis,
            agency=agency.id,
            seq=2,
            prev=NO_STATEMENT,
            signer=each.user,
            private=each.signing.private,
        )
        for each in agency.founders
    ]
    with pytest.raises(Unopenable):
        verify_chain([make_statement(1, NO_STATEMENT, genesis, signatures)], None)


def test_the_kit_is_no_founder_and_nobody_shares_a_key(agency: Agency) -> None:
    one, two = agency.founders
    as_kit = Keys(agency.kit.id)
    twin = Keys(two.user, one.exchange, two.signing)
    for pair in ((as_kit, one), (one, twin)):
        people = tuple(each.person for each in sorted(pair, key=lambda each: each.user))
        genesis = genesis_of(agency, founders=people)
        with pytest.raises(Unopenable):
            verify_chain([first_statement(genesis, [each.signer for each in pair])], None)


def strangers(agency: Agency, worker: Keys) -> list[tuple[bytes, bytes]]:
    """Everybody who is no steward: nobody, a member, the kit alone, and a name with a wrong key."""
    stranger = Keys()
    return [
        stranger.signer,
        worker.signer,
        agency.kit_signer,
        (agency.steward.user, stranger.signing.private),
    ]


BODIES: list[Callable[[Agency, Keys], Binding | Unbind | Roster]] = [
    lambda agency, worker: Keys().binding,
    lambda agency, worker: worker.with_new_keys().binding,
    lambda agency, worker: Unbind(worker.user),
    lambda agency, worker: agency.roster(worker),
]


@pytest.mark.parametrize("body", BODIES)
def test_only_a_steward_admits_binds_and_dismisses(
    agency: Agency, worker: Keys, body: Callable[[Agency, Keys], Binding | Unbind | Roster]
) -> None:
    for signer in strangers(agency, worker):
        refused(agency, next_statement(agency.roll, body(agency, worker), [signer]))
    extend(agency.roll, next_statement(agency.roll, body(agency, worker), [agency.steward.signer]))


def test_a_key_version_by_somebody_who_is_no_member_is_refused(agency: Agency, worker: Keys) -> None:
    body = new_compartment_key(agency.compartment, 1).statement()
    for signer in (agency.steward.signer, Keys().signer, (worker.user, Keys().signing.private)):
        refused(agency, next_statement(agency.roll, body, [signer]))
    refused(agency, next_statement(agency.roll, body, [worker.signer, agency.kit_signer]))
    elsewhere = new_compartment_key(os.urandom(16), 1).statement()
    refused(agency, next_statement(agency.roll, elsewhere, [worker.signer]))


def test_a_dismissed_member_neither_rotates_nor_returns_by_an_old_roster(agency: Agency, worker: Keys) -> None:
    body = new_compartment_key(agency.compartment, 1).statement()
    old_roster = agency.statements[-1]
    agency.say(Unbind(worker.user))
    refused(agency, next_statement(agency.roll, body, [worker.signer]))
    refused(agency, old_roster)
    head = agency.roll.head
    refused(agency, replace(old_roster, seq=head.seq + 1, prev=head.hash))
    refused(agency, next_statement(agency.roll, agency.roster(worker), [agency.steward.signer]))


def test_keys_that_were_bound_once_are_never_bound_again(agency: Agency, worker: Keys) -> None:
    taken = Keys(os.urandom(16), worker.exchange)
    agency.say(Unbind(worker.user))
    for again in (worker, taken, Keys(os.urandom(16), signing=worker.signing)):
        refused(agency, next_statement(agency.roll, again.binding, [agency.steward.signer]))


def test_a_version_is_unique_and_follows_the_one_before(agency: Agency, worker: Keys) -> None:
    key = agency.rotate(worker)
    for version in (1, 3, 2**63):
        loser = new_compartment_key(agency.compartment, version).statement()
        refused(agency, next_statement(agency.roll, loser, [worker.signer]))
    same = KeyVersion(agency.compartment, 2, key.commitment, os.urandom(32))
    refused(agency, next_statement(agency.roll, same, [worker.signer]))


def test_a_roster_without_the_kit_or_with_strangers_is_refused(agency: Agency, worker: Keys) -> None:
    stewards = id_set(agency.roll.stewards)
    kit, stranger = agency.kit.id, Keys()
    two = [each.signer for each in agency.founders]
    for members, named in (
        ((worker.user,), stewards),
        ((kit, stranger.user), stewards),
        ((kit, worker.user), (stranger.user,)),
        ((kit, worker.user), (kit,)),
        ((kit, worker.user), ()),
    ):
        body = Roster(agency.compartment, id_set(members), id_set(named))
        for signers in (two, two[:1]):
            refused(agency, next_statement(agency.roll, body, signers))


def test_nobody_is_bound_as_the_kit_and_nobody_unknown_is_unbound(agency: Agency) -> None:
    for body in (Keys(agency.kit.id).binding, Unbind(os.urandom(16)), Unbind(agency.kit.id)):
        refused(agency, next_statement(agency.roll, body, [agency.steward.signer]))


def test_a_signature_under_a_statement_of_another_agency_is_refused(agency: Agency) -> None:
    body, head = Keys().binding, agency.roll.head
    signature = endorse(
        body,
        agency=os.urandom(16),
        seq=head.seq + 1,
        prev=head.hash,
        signer=agency.steward.user,
        private=agency.steward.signing.private,
    )
    refused(agency, make_statement(head.seq + 1, head.hash, body, [signature]))


def test_signatures_out_of_order_of_odd_size_or_none_are_refused(agency: Agency, worker: Keys) -> None:
    body = agency.roster(worker, stewards=[agency.steward])
    good = next_statement(agency.roll, body, [each.signer for each in agency.founders])
    one, two = good.signatures
    extend(agency.roll, good)
    for signatures in (
        (two, one),
        (),
        (one, msgspec.structs.replace(two, value=two.value + b"\x00")),
        (one, msgspec.structs.replace(two, signer=two.signer + b"\x00")),
        (one, msgspec.structs.replace(two, seq=-1)),
    ):
        refused(agency, replace(good, signatures=signatures))


def test_every_changed_byte_of_a_body_is_refused(agency: Agency, worker: Keys) -> None:
    last = agency.statements.pop()
    roll = verify_chain(agency.statements, agency.fingerprint)
    for place in range(len(last.body)):
        changed = bytearray(last.body)
        changed[place] ^= 1
        with pytest.raises(Unopenable):
            extend(roll, replace(last, body=bytes(changed)))
    extend(roll, last)


@given(st.binary(max_size=60))
def test_junk_is_no_body_and_no_signature(junk: bytes) -> None:
    with pytest.raises(Unopenable):
        decode_body(junk)
    with pytest.raises(Unopenable):
        Statement.from_row(1, NO_STATEMENT, b"", junk)


@pytest.mark.parametrize(
    "body",
    [
        {"type": "unbind", "user": bytes(16), "note": "more than was signed"},
        {"type": "unbind"},
        {"type": "unbind", "user": bytes(15)},
        {"type": "promote", "user": bytes(16)},
        {"user": bytes(16), "type": "unbind"},  # another spelling of a good one
        {"type": "binding", "user": bytes(16), "x25519": bytes(32), "ed25519": bytes(32)},
        {"type": "roster", "compartment": bytes(16), "members": [b"b" * 16, b"a" * 16], "stewards": []},
        {"type": "roster", "compartment": bytes(16), "members": [bytes(16), bytes(16)], "stewards": []},
        {
            "type": "key-version",
            "compartment": bytes(16),
            "version": 0,
            "commitment": bytes(32),
            "public": b"p" * 32,
        },
        {
            "type": "key-version",
            "compartment": bytes(16),
            "version": 1,
            "commitment": bytes(32),
            "public": bytes(32),
        },
    ],
)
def test_a_body_that_is_not_exactly_one_of_ours_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(Unopenable):
        decode_body(msgspec.msgpack.encode(body))


def test_a_genesis_has_one_or_two_founders_and_the_first_kit() -> None:
    people = tuple(sorted((Keys().person for _ in range(3)), key=lambda each: each.user))
    kit = KitKeys(1, b"a" * 32, b"b" * 32, b"c" * 32)
    for founders, first in (
        ((), kit),
        (people, kit),
        (people[1::-1], kit),
        (people[:1], KitKeys(2, b"a" * 32, b"b" * 32, b"c" * 32)),
    ):
        with pytest.raises(ValueError):
            Genesis(bytes(16), False, founders, first)
    with pytest.raises(ValueError):
        Person(bytes(16), b"a" * 32, b"a" * 32)


def test_a_signature_stored_twice_over_is_no_signature() -> None:
    for junk in ([], [[bytes(16), 1, bytes(32)]], [[bytes(16), 1, bytes(32), bytes(64), 1]]):
        with pytest.raises(Unopenable):
            Statement.from_row(1, NO_STATEMENT, b"", msgspec.msgpack.encode(junk))
    good = Signature(bytes(16), 1, NO_STATEMENT, bytes(64))
    assert Statement.from_row(1, NO_STATEMENT, b"", msgspec.msgpack.encode([good])).signatures == (good,)
