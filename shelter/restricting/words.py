"""The words of restricting on screen."""

from flask_babel import lazy_gettext as _l

from shelter.policy.kinds import Kind
from shelter.restricting import queries
from shelter.restricting.queries import Asked, Restricted
from shelter.web.guard import actor
from shelter.web.sentences import say

say(
    {
        "restricting.assigned": _l(
            "Somebody who works with her is not among them. Choose this colleague too, or take her off first."
        ),
        "restricting.asked-already": _l("This was asked already and waits for a steward."),
        "restricting.not-these": _l(
            "One of them has left, holds no part of a record, or has a conflict of interest. Choose again."
        ),
        "restricting.nobody-for": _l(
            "Nobody among them opens one part of her record. Choose at least one colleague of each work that her "
            "record needs: casework, shelter, legal."
        ),
        "restricting.not-whole": _l(
            "First all of hers must have gone over, or back: the table says which part has not."
        ),
        "restricting.two-versions": _l(
            "An older version of Shelter still runs on another machine and would not see this. Sign once every "
            "machine has the same: the administrator's doctor shows them."
        ),
        "restricting.not-your-own": _l("You asked for this yourself, so another steward signs it."),
    }
)
SHORT = {
    Kind.IDENTITY: _l("Names and contacts"),
    Kind.SHELTER: _l("Her room"),
    Kind.ADVOCACY: _l("Plans and notes"),
    Kind.LEGAL: _l("Matters"),
    Kind.DOCUMENTS: _l("Papers"),
}


def part_word(kind: Kind) -> object:
    """A part of a record, in a word or two."""
    return SHORT[kind]


def restrictions() -> tuple[list[Asked], list[Restricted]]:
    """What a steward's page shows."""
    return queries.for_steward(actor())


GLOBALS = (part_word, restrictions)
