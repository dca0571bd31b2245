"""An agency's own ways back and its pages on countries: versions with who wrote them; nothing begun ever changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from msgspec.structs import replace

from shelter.clients.queries import agency_today
from shelter.db.errors import Conflict, Missing
from shelter.documents import queries
from shelter.lawbook import queries as lawbook
from shelter.lawbook.actions import keep_country, keep_way
from shelter.policy.errors import Denied
from shelter.rules.broken import Broken
from shelter.rules.papers import papers
from shelter.rules.papers.abroad import CountryFacts
from tests.factories.agency import World
from tests.factories.clients import Desk
from tests.factories.documents import begun

SHIPPED = papers().ways["foreign_passport"]
LABEL = "A new passport, the way we do it"


def test_an_own_version_is_offered_from_its_day_on_and_changes_nothing_that_was_begun(world: World, code: str) -> None:
    counsel, today = world.actor("legal_supervisor"), agency_today()
    before = begun(world, code)
    keep_way(counsel, replace(SHIPPED, label=LABEL, steps=SHIPPED.steps[:2], effective_from=today), 0)
    after = begun(world, code)
    shown = {paper.id: paper for paper in queries.of_client(world.actor("caseworker"), code).papers}
    assert [len(way.steps) for one in (before, after) if (way := shown[one].way)] == [len(SHIPPED.steps), 2]
    later = replace(SHIPPED, label="Later", effective_from=today + timedelta(days=1))
    keep_way(counsel, later, queries.ways(counsel).version(SHIPPED.code))
    assert lawbook.ways(today)[SHIPPED.code].label == LABEL
    assert lawbook.ways(today + timedelta(days=1))[SHIPPED.code].label == "Later"


def test_nobody_overwrites_what_somebody_else_wrote_meanwhile(world: World) -> None:
    counsel = world.actor("legal_supervisor")
    own = replace(SHIPPED, effective_from=agency_today())
    keep_way(counsel, own, 0)
    for made_from in (0, None):
        with pytest.raises(Conflict):
            keep_way(counsel, own, made_from)
    with pytest.raises(Broken, match=r"law\.say_steps"):
        keep_way(counsel, replace(own, code="new_one", steps=()), None)
    facts = CountryFacts(country="PHL", checked_by="Ana, by telephone", checked_on=agency_today())
    keep_country(counsel, facts, 0)
    with pytest.raises(Conflict):
        keep_country(counsel, facts, 0)
    with pytest.raises(Broken):
        keep_country(counsel, replace(facts, country="QQQ"), 0)
    with pytest.raises(Broken) as no:
        keep_country(counsel, replace(facts, checked_by=""), 1)
    assert no.value.field == "checked_by"


def test_who_may(world: World) -> None:
    facts = CountryFacts(country="PHL", checked_by="x", checked_on=agency_today())
    for who in ("caseworker", "desk", "director", "advocate"):
        with pytest.raises(Denied):
            keep_way(world.actor(who), SHIPPED, 0)
    for who in ("caseworker", "desk", "director"):
        with pytest.raises(Denied):
            keep_country(world.actor(who), facts, 0)
    with pytest.raises(Denied):
        queries.country(world.actor("desk"), "PHL")
    with pytest.raises(Missing):
        queries.country(world.actor("caseworker"), "QQQ")


@dataclass
class Two:
    counsel: Desk
    rosa: Desk


def test_through_the_pages(world: World, desk: Callable[[str], Desk], code: str) -> None:
    two = Two(desk("legal_supervisor"), desk("caseworker"))
    typed = {
        "label": "A consular card <1>",
        "paper": "consular_id",
        "where": "US",
        "source": "asked on the telephone",
        "certainty": "K",
        "effective_from": agency_today().isoformat(),
        "step0_label": "Ask counsel",
        "step0_who": "legal",
        "step0_gate": "y",
        "step1_label": "Make an appointment",
        "step1_who": "staff",
    }
    assert two.counsel.post("/papers/ways/new", version="0", **typed | {"step0_label": ""}).status_code == 302
    again = two.counsel.post("/papers/ways/new", version="0", **typed)
    assert "There is a way of this name already" in again.text
    assert "A consular card &lt;1&gt;" in two.counsel.get("/papers/ways").text
    place = "/papers/ways/a_consular_card_1/change"
    assert 'value="Make an appointment"' in two.counsel.get(place).text
    old = two.counsel.post(place, version="0", **typed)
    assert old.status_code == 409
    assert two.rosa.get("/papers/ways").status_code == 403
    page = "/papers/countries/PHL"
    assert "Nobody has written about this country yet" in two.rosa.get(page).text
    said = {"renewal": "In person, by <appointment>", "checked_by": "Ana", "checked_on": agency_today().isoformat()}
    ahead = said | {"checked_on": (agency_today() + timedelta(days=2)).isoformat()}
    for wrong, field in ((ahead, "checked_on"), (said | {"checked_by": ""}, "checked_by")):
        refused = two.counsel.post(f"{page}/change", version="0", **wrong)
        assert refused.status_code == 422
        assert f'id="{field}-error"' in refused.text
        assert "In person, by" in refused.text, "what was typed stays"
    assert two.counsel.post(f"{page}/change", version="0", **said).status_code == 302
    assert "In person, by &lt;appointment&gt;" in two.rosa.get(page).text
    assert two.counsel.post(f"{page}/change", version="0", **said).status_code == 409
    assert two.rosa.get(f"{page}/change").status_code == 403
    assert "Ana" in two.rosa.get("/papers/countries").text
    found = begun(world, code)
    assert page in two.rosa.get(f"/people/{code}/papers/{found.hex()}").text
