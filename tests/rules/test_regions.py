"""Every country lies in one region."""

from collections import Counter

from shelter.rules.papers.countries import countries
from shelter.rules.regions import _file, region_codes, regions


def test_every_country_has_one_region_and_no_other_code_has_any() -> None:
    named = Counter(code for listed in _file().regions.values() for code in listed.split())
    assert set(named) == {code for code, one in countries().items() if one.sort == "iso"}
    assert set(named.values()) == {1}
    assert regions()["HND"] == "mexico-central"
    assert set(regions().values()) == set(region_codes())
