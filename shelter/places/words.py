"""The words of rooms and beds on screen."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shelter.places.queries import BedView, HouseView
from shelter.settings.words import choice_words
from shelter.web.sentences import say
from shelter.web.times import day

say(
    {
        "places.room_twice": _l("This site has a room of that name already"),
        "places.same_room": _l("It stands in this room already. Choose another one"),
        "places.label_twice": _l("Each bed of a room needs a label of its own"),
        "places.label_taken": _l("A bed %(label)s stands in this room already"),
        "places.too_many": _l("At most %(most)s beds at once"),
        "places.closed_before_opened": _l("This day is before the day on which the bed came to the board"),
        "places.closed_already": _l("The bed is closed before that day already"),
    }
)


def bed_standing(bed: BedView) -> tuple[str, str]:
    """Words for how a bed stands, and their tone."""
    if bed.state == "ahead":
        return _("from %(day)s", day=day(bed.from_day)), "look"
    if bed.state == "closed":
        return _("closed since %(day)s", day=day(bed.until_day)), "plain"
    if bed.state == "out":
        words = _("not in use: %(reason)s", reason=choice_words("bed_out_reasons", bed.out_reason).lower())
        return (_("%(state)s, until %(day)s", state=words, day=day(bed.out_until)) if bed.out_until else words), "stop"
    if bed.until_day:
        return _("until %(day)s", day=day(bed.until_day)), "look"
    return _("on the board"), "calm"


def bed_offers(bed: BedView) -> str:
    return ", ".join(choice_words("bed_needs", code) for code in bed.offers)


def house_capacity(house: HouseView) -> str:
    """24 beds, 2 of them not in use."""
    beds = ngettext("%(num)d bed", "%(num)d beds", house.standing)
    out = ngettext("%(num)d of them not in use", "%(num)d of them not in use", house.out) if house.out else ""
    return ", ".join(part for part in (beds, out) if part)


def house_limit(house: HouseView) -> str:
    if house.stay_limit is None:
        return _("Stays have no limit here.")
    return ngettext("A stay lasts up to %(num)d night.", "A stay lasts up to %(num)d nights.", house.stay_limit)


GLOBALS = (bed_standing, bed_offers, house_capacity, house_limit)
