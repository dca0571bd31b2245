"""Two people changed one thing: both texts, side by side, over a form that keeps what was typed.

A route catches `Conflict` (imported from here, as routes do not see db), reads what is saved now and calls
`both_texts`; `macros/conflict.html` shows the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from shelter.db.errors import Conflict
from shelter.web.asked import Asked
from shelter.web.choices import Choice
from shelter.web.forms import EditForm
from shelter.web.times import moment

__all__ = ["BothTexts", "Conflict", "Difference", "both_texts"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One question that two people answered differently."""

    target: str
    label: Any
    yours: str
    saved: str


@dataclass(frozen=True, slots=True)
class BothTexts:
    differences: tuple[Difference, ...]
    by: str
    at: str


def both_texts(form: EditForm, saved: Mapping[str, Any], *, version: int, by: str, at: datetime) -> BothTexts:
    """What was typed beside what somebody saved meanwhile, for each field where they differ.

    `saved` holds field data by field name, as the form would have been filled with. The form keeps what was typed
    and now carries `version`, so that saving again is a decision made with both texts in view.
    """
    form.version.data, form.version.raw_data = version, None
    filled = type(form)(formdata=None, data=dict(saved), meta={"csrf": False})
    compared = [field for field in form if isinstance(field, Asked) and _is_compared(field, saved)]
    pairs = [(field, cast(Asked, filled[field.short_name])) for field in compared]
    for mine, theirs in pairs:
        if isinstance(mine, Choice) and isinstance(theirs, Choice):
            theirs.choices = mine.choices  # what a route offered to this form alone
    return BothTexts(
        tuple(
            Difference(mine.target_id, mine.label.text, mine.shown, theirs.shown)
            for mine, theirs in pairs
            if mine.shown != theirs.shown
        ),
        by,
        moment(at),
    )


def _is_compared(field: Asked, saved: Mapping[str, Any]) -> bool:
    return field.anatomy not in ("hidden", "secret", "upload") and field.short_name in saved
