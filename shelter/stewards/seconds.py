"""The second signature: another steward beside the first at one desk, or the recovery kit typed from its paper."""

from shelter.accounts.signing_in import SignIn, prove
from shelter.crypto.kit import Kit, MistypedSheet, kit_from_seed, parse_sheet
from shelter.crypto.roll import Roll
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
    try:
        sheet = parse_sheet(typed)
    except MistypedSheet as mistyped:
        if mistyped.group is not None:
            raise Broken("stewards.kit-group", "kit", {"group": mistyped.group}) from None
        raise Broken("stewards.kit-mistyped", "kit") from None
    kit = kit_from_seed(sheet.seed, agency=roll.agency, number=sheet.number)
    if kit.public_keys() != roll.kit or (sheet.fingerprint and sheet.fingerprint != roll.fingerprint):
        raise Broken("stewards.kit-other", "kit")
    return kit
