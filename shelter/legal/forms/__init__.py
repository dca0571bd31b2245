"""The forms of legal work."""

from shelter.legal.forms.dates import DateForm, DoneForm, MissForm, RemedyForm, ReplaceForm
from shelter.legal.forms.matter import ChangeMatterForm, MatterForm, StageForm
from shelter.legal.forms.papers import ChangeFilingForm, CorrectNoticeForm, FilingForm, GatherForm, NoticeForm
from shelter.legal.forms.privileged import LegalFileForm, RewriteForm, ShowDateForm, WritingForm
from shelter.legal.forms.visits import ArrangeForm, AwayForm, VisitForm

__all__ = [
    "ArrangeForm",
    "AwayForm",
    "ChangeFilingForm",
    "ChangeMatterForm",
    "CorrectNoticeForm",
    "DateForm",
    "DoneForm",
    "FilingForm",
    "GatherForm",
    "LegalFileForm",
    "MatterForm",
    "MissForm",
    "NoticeForm",
    "RemedyForm",
    "ReplaceForm",
    "RewriteForm",
    "ShowDateForm",
    "StageForm",
    "VisitForm",
    "WritingForm",
]
