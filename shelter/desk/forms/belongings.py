"""What is kept for somebody, and what the desk must know of her animal or of a child."""

from flask_babel import lazy_gettext as _l

from shelter.desk.actions import KeepThing, ToKnow
from shelter.settings.words import choices_of
from shelter.web import fields
from shelter.web.forms import EditForm, Form

_WHO = _l("the desk, caseworkers and supervisors")


class KeptForm(Form):
    """Something taken in for her."""

    kind = fields.Choice(_l("What is it?"), required=True, choices=lambda: choices_of("kept_kinds"))
    what = fields.Text(
        _l("In a few words"), hint=_l("A letter, a blue bag. Not what a tablet is for."), required=True, max_length=200
    )
    where = fields.Text(_l("Where it lies"), max_length=100)

    def command(self, code: str) -> KeepThing:
        return KeepThing(code, self.kind.data or "", self.what.data, self.where.data)


class ToKnowForm(EditForm):
    """Each of these may stay open."""

    pet = fields.Text(_l("An animal of hers"), hint=_l("Kind and name: a small dog called Bo."), max_length=120)
    pet_care = fields.Choice(_l("Where the animal is"), look="list", choices=lambda: choices_of("pet_care"))
    service_animal = fields.Tick(_l("A service animal: it goes where she goes"))
    school = fields.Text(
        _l("School or day care"),
        max_length=200,
        purpose=fields.Purpose(_l("So that somebody can get the child there and back safely."), _WHO),
    )
    picks_up = fields.Text(_l("Who may fetch the child"), max_length=200)
    custody = fields.LongText(
        _l("An order about custody or contact"),
        hint=_l("What the door and the school run must go by, and until when."),
        max_length=1_000,
        rows=2,
        purpose=fields.Purpose(_l("So that the child is not handed to somebody who may not have it."), _WHO),
    )
    immunisation = fields.Choice(
        _l("Immunisation record"),
        look="list",
        choices=lambda: choices_of("immunisation"),
        purpose=fields.Purpose(_l("Schools ask for it."), _WHO),
    )
    mandated_report = fields.LongText(
        _l("A report the law asks for"),
        hint=_l("When and to which office it was made, and who made it. Not what it says."),
        max_length=600,
        rows=2,
        purpose=fields.Purpose(_l("So that it is made once and can be shown to have been made."), _WHO),
    )

    def facts(self) -> ToKnow:
        return ToKnow(
            pet=self.pet.data,
            pet_care=self.pet_care.data or "",
            service_animal=self.service_animal.data,
            school=self.school.data,
            picks_up=self.picks_up.data,
            custody=self.custody.data,
            immunisation=self.immunisation.data or "",
            mandated_report=self.mandated_report.data,
        )
