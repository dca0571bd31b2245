"""Where too much is hidden, coarser tables are offered; each is as safe as the one asked for."""

from shelter.rules.disclosure.attack import audit
from shelter.rules.disclosure.coarsen import Offer, offers
from shelter.rules.disclosure.release import Release, protect_and_audit
from shelter.rules.disclosure.sizes import hides_too_much
from shelter.rules.disclosure.table import CountTable
from tests.rules.disclosure.tables import AGE, SITE, YEAR, drawn, passed, spec

QUARTER = drawn((AGE, SITE), 90, 4)


def of(found: tuple[Offer, ...], way: str) -> list[Offer]:
    return [offer for offer in found if offer.way == way]


def test_merged_bands_and_all_sites_are_offered_with_how_many_numbers_come_back() -> None:
    asked = passed(protect_and_audit(QUARTER))
    assert hides_too_much(asked.protected)
    found = offers(QUARTER)
    assert {(offer.way, offer.dimension, offer.version) for offer in found} >= {
        ("merge", "age", "bands"),
        ("sum", "site", None),
    }
    assert [offer.numbers_back for offer in found] == sorted((o.numbers_back for o in found), reverse=True)
    for offer in found:
        before = asked.protected.identified()
        now = offer.release.protected.identified()
        shown = [cell_id for cell_id, cell in now.items() if isinstance(cell, int) and cell > 0]
        assert offer.numbers_back == sum(not isinstance(before.get(cell_id), int) for cell_id in shown) > 0
        assert offer.shown + offer.hidden == len(now)
        assert audit(offer.release.protected, 11).passed


def test_an_offer_can_be_released_as_it_was_shown() -> None:
    best = offers(QUARTER)[0]
    assert protect_and_audit(QUARTER, 11, [best.release]) != best.release
    merged = of(offers(QUARTER), "merge")[0]
    table = QUARTER.coarsened("age", merged.version or "")
    assert protect_and_audit(table) == merged.release


def test_the_whole_year_is_offered_when_the_caller_has_it() -> None:
    year = CountTable(spec(AGE, SITE, period=YEAR), drawn((AGE, SITE), 700, 9).counts)
    found = offers(QUARTER, wider={"year": year})
    assert [offer.version for offer in of(found, "wider")] == ["year"]
    assert found[0].way == "wider"


def test_offers_are_audited_with_what_was_released_before() -> None:
    fine = protect_and_audit(QUARTER)
    assert isinstance(fine, Release)
    for offer in offers(QUARTER, earlier=[fine]):
        assert audit(offer.release.protected, 11, [fine.protected]).passed


def test_nothing_is_offered_where_no_coarser_table_would_be_safe_either() -> None:
    few = CountTable.from_rows(spec(SITE), [("hill",)] * 3)
    assert offers(few) == ()
