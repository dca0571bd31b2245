"""What the desk gives to a person's own file: her things, what must be known, and where she stands in the books."""

from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Held, Holding, one_line, register_own
from shelter.desk import queries
from shelter.desk.forms import ToKnowForm
from shelter.settings.words import choice_words
from shelter.web.asked import Asked
from shelter.web.times import day_full, day_of, moment


def _things(known: queries.Known) -> Holding:
    """What is or was kept for her, with all that was done with it."""
    lines = []
    for one in known.things:
        moves = [one_line(choice_words("kept_moves", move.move), day_full(move.at)) for move, _who in one.moves]
        lines.append(
            Held(choice_words("kept_kinds", one.thing.kind), one_line(one.thing.what, one.thing.where, *moves))
        )
    return Holding(_l("Kept for her at the desk"), lines)


def _facts(known: queries.Known) -> Holding:
    data = {name: getattr(known.facts, name) or None for name in known.facts.__struct_fields__}
    filled = ToKnowForm(formdata=None, data=data, meta={"csrf": False})
    fields = [field for field in filled if isinstance(field, Asked) and data.get(field.short_name)]
    return Holding(_l("What the desk must know"), [Held(field.label.text, field.shown) for field in fields])


def _books(found: queries.InBooks) -> list[Holding]:
    """An incident in which others stand too is told by its day and kind, and a visit for others too by its hours: the
    words are theirs as well.
    """
    others = _l("Others stand in this report too. Read it with her, without them.")
    incidents = [
        Held(choice_words("incident_kinds", one.kind), _happened(one) if len(one.people) == 1 else others, one.day)
        for one in found.incidents
    ]
    visits = [
        Held(
            choice_words("door_kinds", one.kind),
            one_line(*((one.who, one.words) if alone else (others,)), _stayed(one)),
            day_of(one.came),
        )
        for one, alone in found.visits
    ]
    return [Holding(_l("Incidents"), incidents), Holding(_l("Who came for her"), visits)]


def _happened(one: queries.Incident) -> str:
    """What is written of it, who was told, and what was done since."""
    told = (
        (_l("At"), f"{one.hour:%H:%M}" if one.hour else ""),
        (_l("Injuries"), one.injuries),
        _l("The police were told") if one.police else "",
        _l("Child welfare was told") if one.child else "",
        (_l("The funder was told"), moment(one.told_funder)),
        _l("Nothing is left to do") if one.done else "",
    )
    since = [(day_full(later.at), later.words) for later in one.since]
    return one_line(one.words, *told, *since)


def _stayed(one: queries.AtDoor) -> str:
    return f"{moment(one.came)} - {moment(one.left) if one.left else '…'}"


def _known(known: queries.Known) -> list[Holding]:
    return [_things(known), _facts(known)]


register_own(
    "desk",
    22,
    lambda reader, client: [
        *_known(queries.known_of(reader, client.code)),
        *_books(queries.in_books(reader, client)),
    ],
    tells=("kept_thing:thing", "desk_facts:facts", "incident:report", "door_entry:entry", "door_entry:whom"),
)
