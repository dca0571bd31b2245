"""Social security numbers that cannot be any: what is kept of a number is only this."""

import re

from shelter.rules.apr.records import Ssn

_RUN = "01234567890123456789"
_NOT_DIGITS = re.compile(r"\D")


def ssn_kind(number: str) -> Ssn:
    """Whether a social security number is there and could be one at all."""
    digits = _NOT_DIGITS.sub("", number)
    if not number.strip():
        return "blank"
    if len(digits) != 9 or _NOT_DIGITS.search(number.replace("-", "").replace(" ", "")):
        return "bad"
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    never = area in ("000", "666") or area >= "900" or group == "00" or serial == "0000"
    return "bad" if never or len(set(digits)) == 1 or digits in _RUN else "good"
