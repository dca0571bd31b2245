"""Reads of papers: those of one client, what waits on whom, copies given out, and the ledger of an original."""

from shelter.documents.queries.abroad import CountryView, WaysView, country, ways, written_countries
from shelter.documents.queries.copies import CopyView, copies, covers
from shelter.documents.queries.custody import Ledger, evidence, ledger, told_lines
from shelter.documents.queries.papers import (
    PapersView,
    PaperView,
    accounts_of,
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
    "CountryView",
    "Ledger",
    "PaperView",
    "PapersView",
    "WaitingGroup",
    "WaitingRow",
    "WaysView",
    "accounts_of",
    "copies",
    "country",
    "covers",
    "earlier_versions",
    "evidence",
    "in_short",
    "ledger",
    "may_counsel",
    "of_client",
    "one",
    "read_zone",
    "running_out",
    "told_lines",
    "waiting",
    "ways",
    "written_countries",
]
