"""Reports typed into a funder's portal (OVC PMT, FVPSA, TIMS, TVAP, DVHT): forms as data, one way of counting."""

from shelter.rules.performance.book import FORMS, Form, Section, Version, form_of
from shelter.rules.performance.checks import Warning_, warnings_of
from shelter.rules.performance.counting import Answer, count
from shelter.rules.performance.records import Event, History, Someone, Stay
from shelter.rules.performance.windows import Window, window_of, windows

__all__ = [
    "FORMS",
    "Answer",
    "Event",
    "Form",
    "History",
    "Section",
    "Someone",
    "Stay",
    "Version",
    "Warning_",
    "Window",
    "count",
    "form_of",
    "warnings_of",
    "window_of",
    "windows",
]
