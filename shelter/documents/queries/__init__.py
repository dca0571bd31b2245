"""Reads of papers: those of one client, what waits on whom, and the ledger of an original."""

from shelter.documents.queries.custody import Ledger, evidence, ledger, packed
from shelter.documents.queries.papers import (
    PapersView,
    PaperView,
    WaitingRow,
    earlier_versions,
    in_short,
    may_counsel,
    of_client,
    one,
    read_zone,
    waiting,
)

__all__ = [
    "Ledger",
    "PaperView",
    "PapersView",
    "WaitingRow",
    "earlier_versions",
    "evidence",
    "in_short",
    "ledger",
    "may_counsel",
    "of_client",
    "one",
    "packed",
    "read_zone",
    "waiting",
]
