"""The forms of the desk; each file serves one part of its pages."""

from shelter.desk.forms.arrivals import ArrivalForm, CompleteForm
from shelter.desk.forms.conflicts import BanForm, ReviewForm, SettleForm, SleepInForm
from shelter.desk.forms.roll import NightForm, StepForm, TickForm

__all__ = [
    "ArrivalForm",
    "BanForm",
    "CompleteForm",
    "NightForm",
    "ReviewForm",
    "SettleForm",
    "SleepInForm",
    "StepForm",
    "TickForm",
]
