"""What an agency knows of the papers of a country: how its consulate works, which papers are usual there."""

from datetime import date

import msgspec


class CountryFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One page, of no person. `country` is a code of `countries`; `checked_by` says who made sure of it, and how."""

    country: str
    consulate: str = ""
    process: str = ""
    usual_papers: str = ""
    caution: str = ""
    checked_by: str
    checked_on: date
