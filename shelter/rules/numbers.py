"""Numbers that name a person exactly: written in many ways, compared in one. No number enters a message."""

import re
from collections.abc import Callable
from enum import StrEnum

import phonenumbers

from shelter.rules.broken import Broken

_FILLING = re.compile(r"[\s\-\u2010-\u2015.#:/()]+")
_A_NUMBER = re.compile(r"A?([0-9]{7,9})")
_RECEIPT = re.compile(r"[A-Z]{3}[0-9]{10}")


class NumberKind(StrEnum):
    """Each kind has a directory of its own, in its own compartment."""

    PHONE = "phone"
    A_NUMBER = "a_number"
    RECEIPT = "receipt"


def normalise_phone(typed: str, field: str | None = None, region: str = "US") -> str:
    """E.164 (`+14155550123`); `region` is where a number without a country code belongs. An extension is dropped.

    Raises Broken `numbers.phone` for what can be no number anywhere.
    """
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        raise Broken("numbers.phone", field) from None
    if not phonenumbers.is_possible_number(number):
        raise Broken("numbers.phone", field)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalise_a_number(typed: str, field: str | None = None) -> str:
    """Nine digits, zeros put in front, of an Alien Registration Number (USCIS: A and seven to nine digits).

    Raises Broken `numbers.a_number`.
    """
    match = _A_NUMBER.fullmatch(_FILLING.sub("", typed).upper())
    if match is None:
        raise Broken("numbers.a_number", field)
    return match.group(1).zfill(9)


def normalise_receipt(typed: str, field: str | None = None) -> str:
    """A USCIS receipt number (three letters, ten digits: `EAC2190012345`). Raises Broken `numbers.receipt`."""
    receipt = _FILLING.sub("", typed).upper()
    if _RECEIPT.fullmatch(receipt) is None:
        raise Broken("numbers.receipt", field)
    return receipt


_NORMALISERS: dict[NumberKind, Callable[[str, str | None], str]] = {
    NumberKind.PHONE: normalise_phone,
    NumberKind.A_NUMBER: normalise_a_number,
    NumberKind.RECEIPT: normalise_receipt,
}


def normalise_number(kind: NumberKind, typed: str, field: str | None = None) -> str:
    """The one way to write a number of this kind. Raises Broken as the normaliser of its kind does."""
    return _NORMALISERS[kind](typed, field)


def number_kinds(typed: str) -> dict[NumberKind, str]:
    """The kinds that something typed into the search box may be, each with its normal form."""
    found: dict[NumberKind, str] = {}
    if not any(letter.isdigit() for letter in typed):
        return found
    for kind in NumberKind:
        try:
            found[kind] = normalise_number(kind, typed)
        except Broken:
            continue
    return found
