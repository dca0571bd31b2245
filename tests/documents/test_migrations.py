"""Going back behind what papers brought to the schema, and forward again, with data in it."""

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select, text

from shelter.clients.queries import agency_today
from shelter.db import db
from shelter.documents import queries
from shelter.documents.actions import packs
from shelter.documents.models import PaperPack
from shelter.lawbook.actions import adopt, keep_country, keep_way, try_rule
from shelter.lawbook.commands import ChangeRule
from shelter.rules.deadlines import shipped_rules
from shelter.rules.papers import papers
from shelter.rules.papers.abroad import CountryFacts
from tests.factories.agency import World
from tests.factories.documents import begun
from tests.support import databases

KEPT = ("count", "unit", "roll", "mail_days", "act_by", "printed_date_required", "advice", "source", "certainty")


def a_rule(world: World) -> None:
    rule, counsel = shipped_rules().versions("ead.expires")[-1], world.actor("legal_supervisor")
    kept = {name: getattr(rule, name) for name in KEPT}
    command = ChangeRule(rule=rule.id, alerts=(60, 10), effective_from=agency_today(), **kept)
    adopt(counsel, try_rule(counsel, command))


def lawbook() -> list[tuple[object, ...]]:
    return sorted(tuple(row) for row in db.session.execute(text("select number, text from law_version")))


def moved(to: str, *, back: bool) -> None:
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    db.engine.dispose()
    (databases.step_down if back else databases.migrate)(url, to)


def test_behind_the_kinds_of_the_lawbook_rules_stay_and_papers_are_untouched(world: World, code: str) -> None:
    counsel = world.actor("legal_supervisor")
    a_rule(world)
    only_the_rule = lawbook()
    keep_way(counsel, replace(papers().ways["foreign_passport"], label="Ours", effective_from=agency_today()), 0)
    keep_country(counsel, CountryFacts(country="PHL", checked_by="Ana", checked_on=date(2026, 1, 2)), 0)
    found = begun(world, code)
    before = queries.one(world.actor("caseworker"), code, found)[1]
    assert len(lawbook()) == 3
    moved("0039", back=True)
    assert lawbook() == only_the_rule
    moved("head", back=False)
    assert lawbook() == only_the_rule
    assert queries.one(world.actor("caseworker"), code, found)[1].text == before.text
    assert queries.ways(counsel).own == ()


@pytest.mark.parametrize("again", [False, True], ids=["nobody was here yet", "made anew"])
def test_behind_the_packs_no_paper_is_lost_and_the_list_stays_the_same(world: World, code: str, again: bool) -> None:
    begun(world, code)
    actor = world.actor("caseworker")
    before = queries.waiting(actor)
    moved("0046", back=True)
    moved("head", back=False)
    assert db.session.scalar(select(func.count()).select_from(PaperPack)) == 0
    if again:
        packs.make_those_missing(actor)
        assert db.session.scalar(select(func.count()).select_from(PaperPack)) == 1
    assert queries.waiting(actor) == before
