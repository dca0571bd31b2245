"""Changes of funders' files: prepared, agreed, given, dropped; grants; a record of one person under her release."""

from shelter.funders.actions.files import (
    AddGrant,
    FillForm,
    Handed,
    Prepare,
    add_grant,
    agree,
    drop_file,
    fill_form,
    hand_over,
    prepare,
)
from shelter.funders.actions.one_person import MakeRecord, make_record
from shelter.funders.actions.questions import AskNumber, ask_number

__all__ = [
    "AddGrant",
    "AskNumber",
    "FillForm",
    "Handed",
    "MakeRecord",
    "Prepare",
    "add_grant",
    "agree",
    "ask_number",
    "drop_file",
    "fill_form",
    "hand_over",
    "make_record",
    "prepare",
]
