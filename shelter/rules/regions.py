"""The region of the world that a country lies in, as published tables say it: never the country."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from shelter.rules.rulefile import Sourced, read


class _Regions(Sourced, frozen=True, forbid_unknown_fields=True, kw_only=True):
    regions: Mapping[str, str]


@cache
def _file() -> _Regions:
    return read(Path(__file__).with_suffix(".toml"), _Regions)


@cache
def regions() -> Mapping[str, str]:
    """The region of each country, by ISO 3166-1 alpha-3."""
    return {country: region for region, countries in _file().regions.items() for country in countries.split()}


def region_codes() -> tuple[str, ...]:
    return tuple(_file().regions)
