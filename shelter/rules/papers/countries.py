"""Codes of issuing countries: ISO 3166-1 alpha-3, and the codes that ICAO Doc 9303-3 adds for papers.

Names of ISO countries are the locale library's, found by the alpha-2 code; only the added codes have labels
here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from shelter.rules.broken import Broken
from shelter.rules.rulefile import BadRuleFile, read

_FILE = Path(__file__).with_name("countries.toml")

Sort = Literal["iso", "special", "stateless", "withdrawn", "specimen"]


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An issuing country or body. `alpha2` finds the name of an ISO country; others have a `label`."""

    code: str
    sort: Sort
    alpha2: str = ""
    label: str = ""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    iso: dict[str, str]
    special: tuple[Country, ...]


@cache
def countries() -> Mapping[str, Country]:
    """Every code by itself, ISO first. Raises BadRuleFile."""
    file = read(_FILE, _File)
    found = {alpha3: Country(code=alpha3, sort="iso", alpha2=alpha2) for alpha3, alpha2 in file.iso.items()}
    for position, country in enumerate(file.special):
        if country.code in found:
            raise BadRuleFile(_FILE.name, f"$.special[{position}].code", f"`{country.code}` appears twice")
        found[country.code] = country
    return found


def issuing_country(code: str, *, specimens: bool = False, field: str = "country") -> Country:
    """The country of a code as typed or as printed in a machine-readable zone, fillers included ("D<<").

    Raises Broken for an unknown code and, unless `specimens`, for one that stands on specimens only.
    """
    found = countries().get(code.strip().upper().rstrip("<"))
    if found is None:
        raise Broken("paper.country_unknown", field=field)
    if found.sort == "specimen" and not specimens:
        raise Broken("paper.country_specimen", field=field)
    return found
