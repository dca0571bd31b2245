"""The forms of the desk; each file serves one part of its pages."""

from shelter.desk.forms.arrivals import ArrivalForm, CompleteForm
from shelter.desk.forms.belongings import KeptForm, ToKnowForm
from shelter.desk.forms.books import (
    DoorForm,
    FollowUpForm,
    HandOverForm,
    IncidentForm,
    OfHouseForm,
    OnCallForm,
    offer_people,
)
from shelter.desk.forms.conflicts import BanForm, ReviewForm, SettleForm, SleepInForm
from shelter.desk.forms.put_right import (
    DoorRightForm,
    IncidentRightForm,
    NoteRightForm,
    RequestRightForm,
    RightForm,
    ThingRightForm,
    UntilForm,
)
from shelter.desk.forms.requests import ChangeWaitingForm, TurnAwayForm, WaitingForm
from shelter.desk.forms.roll import NightForm, PressForm, StepForm, TickForm

__all__ = [
    "ArrivalForm",
    "BanForm",
    "ChangeWaitingForm",
    "CompleteForm",
    "DoorForm",
    "DoorRightForm",
    "FollowUpForm",
    "HandOverForm",
    "IncidentForm",
    "IncidentRightForm",
    "KeptForm",
    "NightForm",
    "NoteRightForm",
    "OfHouseForm",
    "OnCallForm",
    "PressForm",
    "RequestRightForm",
    "ReviewForm",
    "RightForm",
    "SettleForm",
    "SleepInForm",
    "StepForm",
    "ThingRightForm",
    "TickForm",
    "ToKnowForm",
    "TurnAwayForm",
    "UntilForm",
    "WaitingForm",
    "offer_people",
]
