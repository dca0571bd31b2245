"""From the ledgers to what funders' rules count, for holders of `exact` only."""

from shelter.funders.records.behind import answer_of, facts_of
from shelter.funders.records.history import history_of
from shelter.funders.records.hud import assembled

__all__ = ["answer_of", "assembled", "facts_of", "history_of"]
