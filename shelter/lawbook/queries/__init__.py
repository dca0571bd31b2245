"""What holds here and now, and the versions that an agency made of it."""

from shelter.lawbook.queries.law import (
    KINDS,
    Law,
    Made,
    book,
    book_with,
    certifier,
    certifiers,
    fees,
    held,
    made,
    matter_type,
    matter_types,
    one,
    require_fits,
    value_of,
)
from shelter.lawbook.queries.papers import Own, own_countries, own_ways, ways

__all__ = [
    "KINDS",
    "Law",
    "Made",
    "Own",
    "book",
    "book_with",
    "certifier",
    "certifiers",
    "fees",
    "held",
    "made",
    "matter_type",
    "matter_types",
    "one",
    "own_countries",
    "own_ways",
    "require_fits",
    "value_of",
    "ways",
]
