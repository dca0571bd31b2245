"""The forms of the desk; each file serves one part of its pages."""

from shelter.desk.forms.roll import NightForm, StepForm, TickForm

__all__ = ["NightForm", "StepForm", "TickForm"]
