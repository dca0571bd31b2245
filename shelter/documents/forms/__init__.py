"""The forms of papers, one file a subject."""

from shelter.documents.forms.abroad import CountryForm, OwnWayForm
from shelter.documents.forms.copies import CopyForm
from shelter.documents.forms.custody import LineForm, PackForm
from shelter.documents.forms.papers import ChangePaperForm, PaperForm, ScanForm, remembered
from shelter.documents.forms.steps import AnswerForm, ArrangeForm, AskForm, CloseStepForm, EndWayForm, WayForm
from shelter.documents.forms.zone import ChangeZoneForm, NewZoneForm, ZoneForm

__all__ = [
    "AnswerForm",
    "ArrangeForm",
    "AskForm",
    "ChangePaperForm",
    "ChangeZoneForm",
    "CloseStepForm",
    "CopyForm",
    "CountryForm",
    "EndWayForm",
    "LineForm",
    "NewZoneForm",
    "OwnWayForm",
    "PackForm",
    "PaperForm",
    "ScanForm",
    "WayForm",
    "ZoneForm",
    "remembered",
]
