"""What this agency changes of the book it goes by."""

from shelter.lawbook.actions.law import adopt, give_up, try_certifier, try_fee, try_new_rule, try_rule, try_type
from shelter.lawbook.actions.papers import keep_country, keep_way

__all__ = [
    "adopt",
    "give_up",
    "keep_country",
    "keep_way",
    "try_certifier",
    "try_fee",
    "try_new_rule",
    "try_rule",
    "try_type",
]
