"""What is due, asked and done; holds; the rules with what they would do today; certificates."""

from shelter.erasing.queries.due import held, records_of
from shelter.erasing.queries.file import FileView, file_of
from shelter.erasing.queries.holds import HoldView, holds_of, to_review
from shelter.erasing.queries.list import (
    Certificate,
    Listed,
    Waiting,
    certificate,
    count_agreed,
    erasings,
    reached,
    waiting,
)
from shelter.erasing.queries.rules import RuleView, rules

__all__ = [
    "Certificate",
    "FileView",
    "HoldView",
    "Listed",
    "RuleView",
    "Waiting",
    "certificate",
    "count_agreed",
    "erasings",
    "file_of",
    "held",
    "holds_of",
    "reached",
    "records_of",
    "rules",
    "to_review",
    "waiting",
]
