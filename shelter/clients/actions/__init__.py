"""What people do to a client's record and around it: one transaction each, written down with who and why."""

from shelter.clients.actions.around import (
    add_member,
    allow_again,
    assign,
    deny,
    join_household,
    leave_household,
    send_message,
    unassign,
)
from shelter.clients.actions.coded import SaveHappened, SaveHerself, save_happened, save_herself
from shelter.clients.actions.merging import merge, undo_merge
from shelter.clients.actions.own_file import AnswerWish, answer_wish, wish
from shelter.clients.actions.reaching import confirm, reach
from shelter.clients.actions.record import begin, remove_danger, reveal, save_contact, save_danger, save_part

__all__ = [
    "AnswerWish",
    "SaveHappened",
    "SaveHerself",
    "add_member",
    "allow_again",
    "answer_wish",
    "assign",
    "begin",
    "confirm",
    "deny",
    "join_household",
    "leave_household",
    "merge",
    "reach",
    "remove_danger",
    "reveal",
    "save_contact",
    "save_danger",
    "save_happened",
    "save_herself",
    "save_part",
    "send_message",
    "unassign",
    "undo_merge",
    "wish",
]
