"""What the table of fees says about the forms of one matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from shelter.lawbook import queries as lawbook
from shelter.legal.queries.matters import MatterView
from shelter.rules.fees import FeeRow


@dataclass(frozen=True, slots=True)
class FeesView:
    """What is paid for some forms on a day, and the grounds on which it is not."""

    on: date
    paid: tuple[FeeRow, ...]
    grounds: tuple[FeeRow, ...]


def fees_of(view: MatterView, forms: Iterable[str]) -> FeesView:
    table, wanted, on, matter = lawbook.fees(), list(forms), view.today, view.kind.code
    paid = {row.code: row for form in wanted for row in table.paid(form, matter, on)}
    return FeesView(on, tuple(paid.values()), table.grounds(wanted, matter, on))
