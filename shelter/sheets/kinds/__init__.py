"""What a sheet can hold: each kind with its columns, who may bring it, and how its rows come in and go back."""

from collections.abc import Callable
from dataclasses import dataclass

from shelter.policy.actor import Actor
from shelter.policy.acts import Act
from shelter.policy.decide import may_ever
from shelter.sheets.kinds import clients, deadlines, households, matters, papers, services, stays
from shelter.sheets.kinds.columns import Column
from shelter.sheets.kinds.rows import Checked, Row
from shelter.sheets.models import Made
from shelter.sheets.reading.limits import MOST_ROWS
from shelter.trail.record import Unit


@dataclass(frozen=True, slots=True)
class SheetKind:
    """`act` is that of the form which writes one such row. `one_of`: of these columns one at least must be there.

    `look` finds what is wrong with rows and what repeats something; `bring` makes them and `take_back` unmakes them,
    inside the caller's transaction; `changed` are the clients because of whom nothing can be taken back. What would
    stand there twice can be brought all the same where it `repeats`. `most` rows come at once.
    """

    code: str
    act: Act
    columns: tuple[Column, ...]
    one_of: tuple[str, ...]
    look: Callable[[Actor, Checked, bytes], None]
    bring: Callable[[Actor, Unit, list[Row]], list[Made]]
    changed: Callable[[Actor, list[Made]], set[bytes]]
    take_back: Callable[[Actor, Unit, list[Made]], None]
    legal: bool = False
    at_a_site: bool = False
    repeats: bool = True
    most: int = MOST_ROWS

    def column(self, name: str) -> Column:
        return next(one for one in self.columns if one.name == name)


_NAMED = ("code", "number")
KINDS: dict[str, SheetKind] = {
    one.code: one
    for one in (
        SheetKind(
            code="clients",
            act=Act.CLIENTS_CREATE,
            columns=clients.COLUMNS,
            one_of=("legal_name", "last_name", "first_name", "working_name", "number"),
            look=clients.look,
            bring=clients.bring,
            changed=clients.changed,
            take_back=clients.take_back,
            at_a_site=True,
        ),
        SheetKind(
            code="households",
            act=households.ACT,
            columns=households.COLUMNS,
            one_of=_NAMED,
            look=households.look,
            bring=households.bring,
            changed=households.changed,
            take_back=households.take_back,
        ),
        SheetKind(
            code="stays",
            act=stays.ACT,
            columns=stays.COLUMNS,
            one_of=_NAMED,
            look=stays.look,
            bring=stays.bring,
            changed=stays.changed,
            take_back=stays.take_back,
            at_a_site=True,
            repeats=False,
        ),
        SheetKind(
            code="services",
            act=services.ACT,
            columns=services.COLUMNS,
            one_of=_NAMED,
            look=services.look,
            bring=services.bring,
            changed=services.changed,
            take_back=services.take_back,
        ),
        SheetKind(
            code="papers",
            act=papers.ACT,
            columns=papers.COLUMNS,
            one_of=_NAMED,
            look=papers.look,
            bring=papers.bring,
            changed=papers.changed,
            take_back=papers.take_back,
            most=papers.MOST,
        ),
        SheetKind(
            code="matters",
            act=matters.ACT,
            columns=matters.COLUMNS,
            one_of=_NAMED,
            look=matters.look,
            bring=matters.bring,
            changed=matters.changed,
            take_back=matters.take_back,
            most=matters.MOST,
            legal=True,
        ),
        SheetKind(
            code="deadlines",
            act=deadlines.ACT,
            columns=deadlines.COLUMNS,
            one_of=_NAMED,
            look=deadlines.look,
            bring=deadlines.bring,
            changed=deadlines.changed,
            take_back=deadlines.take_back,
            most=matters.MOST,
            legal=True,
        ),
    )
}
"""In the order in which they are brought: people first, then what is about them."""


def kinds_for(actor: Actor) -> list[SheetKind]:
    """What she may bring in: what she could write row by row."""
    return [one for one in KINDS.values() if may_ever(actor, one.act)]
