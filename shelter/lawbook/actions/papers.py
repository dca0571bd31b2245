"""Ways back to papers and pages on countries, in versions of this agency's own."""

from collections.abc import Sequence
from typing import Any

from shelter.db.errors import Conflict
from shelter.lawbook import queries
from shelter.lawbook.keeping import keep
from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import require
from shelter.rules.broken import Broken
from shelter.rules.papers import WayBack, papers
from shelter.rules.papers.abroad import CountryFacts
from shelter.rules.papers.countries import issuing_country
from shelter.trail.record import recorded


def keep_way(actor: Actor, way: WayBack, made_from: int | None) -> None:
    """A new version of a way back, from its day on; what was begun under an older one stays as it was begun.

    `made_from` is the number of the agency's version that the form showed, 0 for the shipped one, None for a way that
    is new. Raises `Conflict`.
    """
    with recorded(actor, Act.LAW_CHANGE) as unit:
        unit.clause = require(actor, Act.LAW_CHANGE).clause
        versions = [one for one in queries.own_ways() if one.text.code == way.code]
        if made_from is None and (versions or way.code in papers().ways):
            raise Conflict("law_version", "text")
        _require_latest(versions, made_from or 0)
        if not way.label:
            raise Broken("law.say_label", field="label")
        if not way.steps:
            raise Broken("law.say_steps", field="step0_label")
        unit.detail["way"] = way.code
        keep(actor, "way", way)


def keep_country(actor: Actor, facts: CountryFacts, made_from: int) -> None:
    """A new version of the page on a country, which says who checked it. Raises `Broken`.

    Raises `Conflict` where somebody wrote one meanwhile.
    """
    with recorded(actor, Act.COUNTRIES_WRITE) as unit:
        unit.clause = require(actor, Act.COUNTRIES_WRITE).clause
        issuing_country(facts.country)
        if not facts.checked_by:
            raise Broken("law.say_checked", field="checked_by")
        _require_latest([one for one in queries.own_countries() if one.text.country == facts.country], made_from)
        unit.detail["country"] = facts.country
        keep(actor, "country", facts)


def _require_latest(versions: Sequence[queries.Own[Any]], made_from: int) -> None:
    if (versions[0].number if versions else 0) != made_from:
        raise Conflict("law_version", "text")
