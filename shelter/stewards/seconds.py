"""The second signature: another steward beside the first at one desk, or the recovery kit typed from its paper."""

from shelter.accounts.signing_in import SignIn, prove
from shelter.crypto.kit import Kit, kit_from_seed
from shelter.crypto.roll import Roll
from shelter.crypto.shares import MistypedShares, MistypedSheet, seed_and_number
from shelter.db.roll import current_roll
from shelter.rules.broken import Broken
from shelter.stewards.membership import Second


def another_steward(attempt: SignIn) -> Second:
    """A steward in office who proves herself here. Raises Broken, or as `signing_in.sign_in` does."""
    own = prove(attempt, "signs-as-second")
    if own.user_id not in current_roll().stewards:
        raise Broken("stewards.no-steward", "name")
    return Second(own.user_id, own.signing.private)


def the_kit(typed: str) -> Second:
    """The kit of today, from the sheet as it was typed. Raises Broken."""
    kit = kit_of(typed, current_roll())
    return Second(kit.id, kit.signing.private)


def kit_of(typed: str, roll: Roll) -> Kit:
    """The kit whose public halves the signed list holds. Raises Broken, which names a wrong group where it can."""
    kit = typed_kit(typed, roll.agency, roll.kit.number)
    if kit.public_keys() != roll.kit:
        raise Broken("stewards.kit-other", "kit")
    return kit


def typed_kit(typed: str, agency: bytes, newest: int) -> Kit:
    """The kit of an agency from its sheet, or from as many shares of it as are needed; `newest` is their number.

    Raises Broken for what was mistyped.
    """
    seed, number = _read(typed)
    return kit_from_seed(seed, agency=agency, number=newest if number is None else number)


def seed_of(typed: str) -> bytes:
    """The 32 bytes themselves, for dividing them. Raises Broken for what was mistyped."""
    return _read(typed)[0]


def _read(typed: str) -> tuple[bytes, int | None]:
    try:
        return seed_and_number(typed)
    except MistypedSheet as mistyped:
        if mistyped.group is not None:
            raise Broken("stewards.kit-group", "kit", {"group": mistyped.group}) from None
        raise Broken("stewards.kit-mistyped", "kit") from None
    except MistypedShares as mistyped:
        if mistyped.share is not None:
            raise Broken("stewards.kit-share", "kit", {"share": mistyped.share}) from None
        raise Broken("stewards.kit-few-shares", "kit") from None
