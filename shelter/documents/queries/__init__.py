"""Reads of papers: those of one client, what waits on whom, copies given out, and the ledger of an original."""

from shelter.documents.queries.copies import CopyView, copies, covers
from shelter.documents.queries.custody import Ledger, evidence, ledger, packed
from shelter.documents.queries.papers import (
    PapersView,
    PaperView,
    earlier_versions,
    in_short,
    may_counsel,
    of_client,
    one,
    read_zone,
)
from shelter.documents.queries.what_waits import WaitingGroup, WaitingRow, running_out, waiting

__all__ = [
    "CopyView",
    "Ledger",
    "PaperView",
    "PapersView",
    "WaitingGroup",
    "WaitingRow",
    "copies",
    "covers",
    "earlier_versions",
    "evidence",
    "in_short",
    "ledger",
    "may_counsel",
    "of_client",
    "one",
    "packed",
    "read_zone",
    "running_out",
    "waiting",
]
