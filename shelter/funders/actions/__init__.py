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

__all__ = [
    "AddGrant",
    "FillForm",
    "Handed",
    "MakeRecord",
    "Prepare",
    "add_grant",
    "agree",
    "drop_file",
    "fill_form",
    "hand_over",
    "make_record",
    "prepare",
]
