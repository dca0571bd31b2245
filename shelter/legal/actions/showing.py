"""A date is shown to her caseworker, or no longer."""

from shelter.legal.actions.shown import Board
from shelter.legal.actions.work import working
from shelter.legal.commands import HideDate, ShowDate
from shelter.legal.models import ShownDate
from shelter.policy.actor import Actor
from shelter.rules.broken import Broken


def show_date(actor: Actor, command: ShowDate) -> None:
    """Her caseworker reads this day and the words, and nothing else of the matter. Raises `Broken`."""
    if not command.words:
        raise Broken("legal.say_what_she_keeps", field="words")
    with working(actor, command.code, command.matter) as work:
        due, board = work.open_date(command.due), Board(actor, work.client)
        visit = due.visit
        shown = ShownDate(
            due=due.id,
            matter=work.matter.id,
            day=due.day,
            words=command.words,
            time=visit.time if visit else "",
            place=visit.place if visit and command.with_place else "",
            by=work.stamp.by,
        )
        board.keep([*(one for one in board.dates if one.due != due.id), shown])


def hide_date(actor: Actor, command: HideDate) -> None:
    """No longer shown; that it was, the trail keeps."""
    with working(actor, command.code, command.matter) as work:
        board = Board(actor, work.client)
        board.keep(one for one in board.dates if one.due != command.due)
