"""A spreadsheet that waits for a supervisor of the fictional agency: most of it in order, one day that is none."""

import csv
import io
from collections.abc import Sequence

from shelter.cli.demo.people import Guest
from shelter.policy.actor import Actor
from shelter.sheets import actions, queries
from shelter.sheets.actions import Match
from shelter.sheets.kinds import KINDS

WHAT = "clients"
HEADINGS = ("Client ID", "Name", "DOB", "Language", "First met on", "Shelf")
ROWS = (
    ("C-201", "Teresa Quispe Mamani", "1991-03-14", "Spanish", "2024-02-11", "B4"),
    ("C-202", "Nadia Haddad", "1987", "Arabic", "2024-03-02", "B4"),
    ("C-203", "Rosalie Mbeki", "31/31/1979", "French", "2024-03-09", ""),
    ("C-204", "Linh Tran", "1999-11", "Vietnamese", "2024-04-21", "C1"),
)


def left_waiting(actor: Actor, guests: Sequence[Guest]) -> None:
    """Sent and matched; what comes of it is for whoever looks."""
    known = next(guest.identity.legal_name for guest in guests if guest.identity.legal_name)
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS, *ROWS, ("C-205", known, "", "", "2024-05-02", "")])
    coming = actions.take_in(actor, WHAT, io.BytesIO(text.getvalue().encode()))
    targets = queries.guessed(KINDS[WHAT], list(HEADINGS), {})
    actions.match(actor, Match(coming, tuple(targets), site=min(actor.sites)))
