"""What can go wrong when sealing and opening. No exception carries a value about a person or a key."""


class Unopenable(Exception):
    """The one error for every way in which something sealed or signed is not what it claims.

    It never says which: a caller that could tell a wrong key from a moved row would be an oracle.
    """


class TooLong(ValueError):
    """What was to be sealed is longer than its format allows (a section 1 MiB, a segment 8 MiB)."""


class Busy(Exception):
    """So many people wait to sign in that one more would starve the others; answer 503 with Retry-After."""
