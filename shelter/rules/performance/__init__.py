"""Reports typed into a funder's portal (OVC PMT, FVPSA, TIMS, TVAP, DVHT): forms as data, one way of counting."""

from shelter.rules.performance.book import FORMS, Form, Section, Sheet, Version, form_of
from shelter.rules.performance.checks import Warning_, warnings_of
from shelter.rules.performance.counting import Answer, count, unasked
from shelter.rules.performance.records import Event, History, Someone, Stay
from shelter.rules.performance.sheets import Filled as FilledSheet
from shelter.rules.performance.sheets import Named, sheets_of
from shelter.rules.performance.windows import Window, window_of, windows

__all__ = [
    "FORMS",
    "Answer",
    "Event",
    "FilledSheet",
    "Form",
    "History",
    "Named",
    "Section",
    "Sheet",
    "Someone",
    "Stay",
    "Version",
    "Warning_",
    "Window",
    "count",
    "form_of",
    "sheets_of",
    "unasked",
    "warnings_of",
    "window_of",
    "windows",
]
