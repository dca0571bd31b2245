"""Why legal questions are asked, and lists that several forms offer."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.lawbook import queries as lawbook
from shelter.rules.picklists import picklists
from shelter.web.fields import Purpose

WHY = Purpose(
    _l("So that no date is missed and everybody who works on this matter reads the same."),
    _l("Her legal advocates and their supervisor. Nobody else here, her caseworker included."),
)
RECEIPT = _l("Three letters and ten digits, as printed.")


def types_on_offer() -> list[tuple[str, Any]]:
    return [(kind.code, gettext(kind.label)) for kind in lawbook.matter_types().values()]


def triggers_on_offer() -> list[tuple[str, Any]]:
    return [(one.code, gettext(one.question)) for one in lawbook.book().triggers.values()]


def parts_on_offer() -> list[tuple[str, Any]]:
    return [(choice.code, gettext(choice.label)) for choice in picklists()["matter_people"].choices]


def rules_on_offer() -> list[tuple[str, Any]]:
    book = lawbook.book()
    return [(one, gettext(book.versions(one)[-1].label)) for one in book.ids]


def notices_on_offer() -> list[tuple[str, Any]]:
    return [(choice.code, gettext(choice.label)) for choice in picklists()["notice_types"].choices]


def certifiers_on_offer() -> list[tuple[str, Any]]:
    return [(code, gettext(versions[-1].label)) for code, versions in lawbook.certifiers().items()]


def lines(written: str) -> tuple[str, ...]:
    """What stands on lines of its own, without the empty ones."""
    return tuple(line.strip() for line in written.splitlines() if line.strip())
