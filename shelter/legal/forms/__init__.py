"""The forms of legal work."""

from shelter.legal.forms.around import (
    AnswerAskForm,
    AskAgainForm,
    AskForm,
    JourneyForm,
    MemberForm,
    ReturnForm,
    TellForm,
)
from shelter.legal.forms.certifiers import CertifierForm
from shelter.legal.forms.dates import DateForm, DoneForm, MissForm, RemedyForm, ReplaceForm
from shelter.legal.forms.giving import GiveForm
from shelter.legal.forms.law import ChangeRuleForm, DecideForm, NewRuleForm
from shelter.legal.forms.lawbook import FeeForm, TypeForm
from shelter.legal.forms.matter import ChangeMatterForm, MatterForm, StageForm
from shelter.legal.forms.moved import MovedForm
from shelter.legal.forms.paper import PaperForm
from shelter.legal.forms.papers import ChangeFilingForm, CorrectNoticeForm, FilingForm, GatherForm, NoticeForm
from shelter.legal.forms.privileged import LegalFileForm, RewriteForm, ShowDateForm, WritingForm
from shelter.legal.forms.visits import ArrangeForm, AwayForm, VisitForm

__all__ = [
    "AnswerAskForm",
    "ArrangeForm",
    "AskAgainForm",
    "AskForm",
    "AwayForm",
    "CertifierForm",
    "ChangeFilingForm",
    "ChangeMatterForm",
    "ChangeRuleForm",
    "CorrectNoticeForm",
    "DateForm",
    "DecideForm",
    "DoneForm",
    "FeeForm",
    "FilingForm",
    "GatherForm",
    "GiveForm",
    "JourneyForm",
    "LegalFileForm",
    "MatterForm",
    "MemberForm",
    "MissForm",
    "MovedForm",
    "NewRuleForm",
    "NoticeForm",
    "PaperForm",
    "RemedyForm",
    "ReplaceForm",
    "ReturnForm",
    "RewriteForm",
    "ShowDateForm",
    "StageForm",
    "TellForm",
    "TypeForm",
    "VisitForm",
    "WritingForm",
]
