"""The records behind one number of a portal's form: counted anew, so that what has changed since is noticed."""

from collections.abc import Collection

from shelter.db.inbox import Fact
from shelter.funders.models import About
from shelter.funders.records.history import history_of
from shelter.policy.actor import Actor
from shelter.policy.kinds import Kind
from shelter.reports import ledger
from shelter.rules.broken import Broken
from shelter.rules.performance import Answer, count, form_of
from shelter.rules.performance.windows import window_between


def answer_of(actor: Actor, about: About, section: str, row: str) -> Answer:
    """The number as the records have it now. Raises Broken for one that the form has not."""
    version = form_of(about.report).on(about.last)
    if version is None:
        raise Broken("funders.no-rules")
    answers = count(version, history_of(actor, about.projects, about.funds), window_between(about.first, about.last))
    found = next((one for one in answers if (one.section, one.row) == (section, row)), None)
    if found is None:
        raise Broken("funders.no-such-number", "number")
    return found


def facts_of(actor: Actor, sources: Collection[str]) -> list[Fact]:
    """The facts of these sources, of both ledgers; a service, told to both, once."""
    found = {}
    for fact in (*ledger.current(actor), *ledger.current(actor, Kind.EXACT)):
        if fact.source.hex() in sources:
            found[fact.source] = fact
    return list(found.values())
