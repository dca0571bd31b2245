"""A small agency for the tests of the signed list: two stewards, a kit, a caseworker, one compartment."""

import os
from dataclasses import dataclass, field

from shelter.crypto.bodies import AnyBody, Binding, Genesis, KitKeys, Person, Roster, id_set
from shelter.crypto.compartments import CompartmentKey, new_compartment_key
from shelter.crypto.kit import Kit, kit_from_seed, new_seed
from shelter.crypto.roll import Roll
from shelter.crypto.signing import KeyPair, new_exchange_pair, new_signing_pair
from shelter.crypto.statements import Statement, extend, first_statement, next_statement, verify_chain


@dataclass(frozen=True)
class Keys:
    """A user and both her pairs."""

    user: bytes = field(default_factory=lambda: os.urandom(16))
    exchange: KeyPair = field(default_factory=new_exchange_pair)
    signing: KeyPair = field(default_factory=new_signing_pair)

    @property
    def binding(self) -> Binding:
        return Binding(self.user, self.exchange.public, self.signing.public)

    @property
    def person(self) -> Person:
        return Person(self.user, self.exchange.public, self.signing.public)

    @property
    def signer(self) -> tuple[bytes, bytes]:
        return self.user, self.signing.private

    def with_new_keys(self) -> "Keys":
        return Keys(self.user)


class Agency:
    """A signed list that grows; every statement is verified as it is added."""

    def __init__(self, founders: int = 2) -> None:
        self.id = os.urandom(16)
        self.kit: Kit = kit_from_seed(new_seed(), agency=self.id, number=1)
        self.founders = [Keys() for _ in range(founders)]
        genesis = Genesis(
            self.id,
            True,
            tuple(each.person for each in sorted(self.founders, key=lambda each: each.user)),
            self.kit.public_keys(),
        )
        signers = [each.signer for each in self.founders]
        if founders == 1:
            signers.append(self.kit_signer)
        self.statements: list[Statement] = [first_statement(genesis, signers)]
        self.roll: Roll = verify_chain(self.statements, None)
        self.compartment = os.urandom(16)

    @property
    def fingerprint(self) -> bytes:
        return self.statements[0].hash

    @property
    def kit_signer(self) -> tuple[bytes, bytes]:
        return self.kit.id, self.kit.signing.private

    @property
    def steward(self) -> Keys:
        return self.founders[0]

    def say(self, body: AnyBody, *signers: tuple[bytes, bytes]) -> Statement:
        """Adds a statement if the list takes it, by default from the first steward."""
        statement = next_statement(self.roll, body, signers or (self.steward.signer,))
        self.add(statement)
        return statement

    def add(self, statement: Statement) -> None:
        self.roll = extend(self.roll, statement)
        self.statements.append(statement)

    def roster(self, *members: Keys, stewards: list[Keys] | None = None) -> Roster:
        in_office = [each.user for each in self.founders if each.user in self.roll.stewards]
        named = in_office if stewards is None else [each.user for each in stewards]
        users = (self.kit.id, *(each.user for each in members))
        return Roster(self.compartment, id_set(users), id_set(tuple(named)))

    def admit(self, *members: Keys) -> None:
        """Binds those who are not bound and puts all on the roster."""
        for each in members:
            if each.user not in self.roll.bindings:
                self.say(each.binding)
        self.say(self.roster(*members))

    def rotate(self, member: Keys) -> CompartmentKey:
        """A next version of the compartment's key, signed by a member."""
        version = self.roll.newest.get(self.compartment, 0) + 1
        key = new_compartment_key(self.compartment, version)
        self.say(key.statement(), member.signer)
        return key


def new_kit(agency: Agency, number: int) -> tuple[Kit, KitKeys]:
    kit = kit_from_seed(new_seed(), agency=agency.id, number=number)
    return kit, kit.public_keys()
