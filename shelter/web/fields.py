"""Every question a form can ask; features import from here."""

from shelter.web.asked import SKIP_REASONS, Asked, Option, Purpose
from shelter.web.choices import Choice, ManyChoices, Tick
from shelter.web.dates import NearDate, PartialDate, RememberedDate, Time
from shelter.web.texts import Hidden, LongText, Number, Secret, Text, Upload, Version

__all__ = [
    "SKIP_REASONS",
    "Asked",
    "Choice",
    "Hidden",
    "LongText",
    "ManyChoices",
    "NearDate",
    "Number",
    "Option",
    "PartialDate",
    "Purpose",
    "RememberedDate",
    "Secret",
    "Text",
    "Tick",
    "Time",
    "Upload",
    "Version",
]
