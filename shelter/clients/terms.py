"""What an agency decides about the record itself; read in one place, so that a setting can take over."""

CONTACT_DAYS = 30
"""A safe contact older than this is asked again before it is used."""


def contact_days() -> int:
    return CONTACT_DAYS


def asks_ssn() -> bool:
    """Whether a funder asks this agency for Social Security numbers; off until one does."""
    return False
