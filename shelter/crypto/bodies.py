"""What a statement of the signed list can say: six bodies, closed. Unknown types and fields are refused.

A body is stored as a msgpack map; what is signed are its fields in the order of `signed_fields`.
"""

import hashlib
from typing import ClassVar, TypeAlias

import msgspec

from shelter.crypto.context import U64_LIMIT, prefixed
from shelter.crypto.errors import Unopenable
from shelter.crypto.labels import Label
from shelter.crypto.message import ID_LENGTH
from shelter.crypto.signing import PUBLIC_LENGTH, Field

Ids: TypeAlias = tuple[bytes, ...]


def kit_id(agency: bytes) -> bytes:
    """The member id of an agency's recovery kit: one for all its kits, so that rosters outlive a new one."""
    return hashlib.sha256(Label.KIT_ID.prefixed + prefixed(agency)).digest()[:ID_LENGTH]


def _check_ids(*ids: bytes) -> None:
    if any(len(each) != ID_LENGTH for each in ids):
        raise ValueError("an id has 16 bytes")


def _check_publics(*publics: bytes) -> None:
    if any(len(each) != PUBLIC_LENGTH for each in publics) or len(set(publics)) != len(publics):
        raise ValueError("public keys have 32 bytes and differ")


def _check_number(number: int) -> None:
    if not 1 <= number < U64_LIMIT:
        raise ValueError("counted from 1")


def id_set(ids: set[bytes] | frozenset[bytes] | Ids) -> Ids:
    """Ids as a body holds them: sorted by raw value, none twice."""
    return tuple(sorted(set(ids)))


def _check_set(ids: Ids) -> None:
    _check_ids(*ids)
    if ids != id_set(ids):
        raise ValueError("ids sorted, none twice")


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A founder with her public keys (X25519, Ed25519)."""

    user: bytes
    x25519: bytes
    ed25519: bytes

    def __post_init__(self) -> None:
        _check_ids(self.user)
        _check_publics(self.x25519, self.ed25519)


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """Common to all bodies; each has `signed_fields` besides."""

    label: ClassVar[Label]

    def encode(self) -> bytes:
        """The msgpack map as stored."""
        return msgspec.msgpack.encode(self)


class KitKeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The public halves of one recovery kit: the member's two and the one that backups are sealed to."""

    number: int
    x25519: bytes
    ed25519: bytes
    backup: bytes

    def __post_init__(self) -> None:
        _check_number(self.number)
        _check_publics(self.x25519, self.ed25519, self.backup)

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return [self.number, self.x25519, self.ed25519, self.backup]


class Genesis(Body, frozen=True, tag="genesis"):
    """The first statement: one or two founders, stewards from here on, and the first kit. All sign it."""

    label: ClassVar[Label] = Label.SIGN_GENESIS
    agency: bytes
    fictional: bool
    founders: tuple[Person, ...]
    kit: KitKeys

    def __post_init__(self) -> None:
        _check_ids(self.agency)
        _check_set(tuple(founder.user for founder in self.founders))
        if not 1 <= len(self.founders) <= 2 or self.kit.number != 1:
            raise ValueError("one or two founders and the first kit")

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        founders = [founder.user + founder.x25519 + founder.ed25519 for founder in self.founders]
        return [int(self.fictional), founders, *self.kit.signed_fields()]


class Binding(Body, frozen=True, tag="binding"):
    """A user's public keys; a later binding replaces an earlier one."""

    label: ClassVar[Label] = Label.SIGN_BINDING
    user: bytes
    x25519: bytes
    ed25519: bytes

    def __post_init__(self) -> None:
        _check_ids(self.user)
        _check_publics(self.x25519, self.ed25519)

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return [self.user, self.x25519, self.ed25519]


class Unbind(Body, frozen=True, tag="unbind"):
    """A user who no longer belongs: she leaves every roster and any office with it."""

    label: ClassVar[Label] = Label.SIGN_UNBIND
    user: bytes

    def __post_init__(self) -> None:
        _check_ids(self.user)

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return [self.user]


class Roster(Body, frozen=True, tag="roster"):
    """Who may hold a compartment's key, the kit always among them, and the stewards from here on."""

    label: ClassVar[Label] = Label.SIGN_ROSTER
    compartment: bytes
    members: Ids
    stewards: Ids

    def __post_init__(self) -> None:
        _check_ids(self.compartment)
        _check_set(self.members)
        _check_set(self.stewards)

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return [self.compartment, self.members, self.stewards]


class KeyVersion(Body, frozen=True, tag="key-version"):
    """One version of a compartment key: its commitment, SHA-256(label || CK), and its X25519 public half."""

    label: ClassVar[Label] = Label.SIGN_KEY_VERSION
    compartment: bytes
    version: int
    commitment: bytes
    public: bytes

    def __post_init__(self) -> None:
        _check_ids(self.compartment)
        _check_number(self.version)
        _check_publics(self.commitment, self.public)

    @property
    def id(self) -> bytes:
        """The 16-byte id of this version of the key, as key id in wraps and recipient id in seals."""
        return self.commitment[:ID_LENGTH]

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return [self.compartment, self.version, self.commitment, self.public]


class NewKit(Body, frozen=True, tag="kit"):
    """The public halves of a new recovery kit, which takes the place of the old one on every roster."""

    label: ClassVar[Label] = Label.SIGN_KIT
    kit: KitKeys

    def signed_fields(self) -> list[Field]:
        """The fields in the order in which they are signed."""
        return self.kit.signed_fields()


AnyBody: TypeAlias = Genesis | Binding | Unbind | Roster | KeyVersion | NewKit

_decoder = msgspec.msgpack.Decoder(AnyBody)


def decode_body(encoded: bytes) -> AnyBody:
    """The body of a statement. Raises Unopenable for anything that `encode` would write otherwise."""
    try:
        body: AnyBody = _decoder.decode(encoded)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise Unopenable from None
    if body.encode() != encoded:  # a second spelling would give one signed statement two hashes
        raise Unopenable
    return body
