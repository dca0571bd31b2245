"""Asking for an erasing, agreeing to it, doing it, letting it be; holds put up and ended."""

from shelter.erasing.actions.asking import Ask, agree, ask, drop
from shelter.erasing.actions.doing import erase, say_books_read
from shelter.erasing.actions.holds import EndHold, PutHold, end_hold, put_hold

__all__ = [
    "Ask",
    "EndHold",
    "PutHold",
    "agree",
    "ask",
    "drop",
    "end_hold",
    "erase",
    "put_hold",
    "say_books_read",
]
