"""What happened and who she is, in codes: why each is asked and who will see it; each can be skipped with a reason."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shelter.clients.actions import SaveHappened, SaveHerself
from shelter.settings.words import choices_of, country_choices
from shelter.web.fields import Choice, ManyChoices, Purpose, Text
from shelter.web.forms import EditForm

_HARM = Purpose(
    _l("So that she is counted rightly, and help meant for what happened is open to her. Codes alone, never a story."),
    _l("Her caseworkers and their supervisor. Never legal staff, never the night desk. A report sees codes, no name."),
)
_FUNDERS = Purpose(
    _l("A funder asks this of everybody, to see whom the program reaches. It changes nothing about the help she gets."),
    _l("Her caseworkers, their supervisor and her legal team. A report sees codes, no name."),
)


def _one(label: Any, name: str, purpose: Purpose) -> Choice:
    return Choice(label, choices=lambda: choices_of(name), purpose=purpose, skippable=True)


def _several(label: Any, name: str, purpose: Purpose) -> ManyChoices:
    return ManyChoices(label, choices=lambda: choices_of(name), purpose=purpose, skippable=True)


class HappenedForm(EditForm):
    asked = ("trafficking_status", "trafficking_kind", "exploitation", "control", "industry", "victimisations")

    trafficking_status = _one(_l("Was it trafficking, as far as is known?"), "trafficking_status", _HARM)
    trafficking_kind = _one(_l("For labor, for sex, or both?"), "trafficking_kind", _HARM)
    exploitation = _several(_l("Type of exploitation"), "exploitation", _HARM)
    control = _several(_l("How was she controlled?"), "control", _HARM)
    industry = _several(_l("In which work?"), "industry", _HARM)
    victimisations = _several(_l("Types of harm, as funders count them"), "victimisations", _HARM)

    def command(self, code: str) -> SaveHappened:
        return SaveHappened(code=code, version=self.version.data, skipped=self.skipped(), **_coded(self))


class HerselfForm(EditForm):
    asked = (
        "own_words",
        "sex_asked",
        "race_ethnicity",
        "country",
        "citizenship",
        "disabilities",
        "classifications",
        "immigration_at_intake",
        "housing_before",
    )

    own_words = Text(
        _l("How does she speak of herself?"),
        hint=_l("Her own words about who she is; they are told to no funder."),
        purpose=Purpose(
            _l("So that we speak of her as she does herself, beside what a funder's list offers."),
            _l("Her caseworkers, their supervisor and her legal team. No report sees it."),
        ),
        max_length=200,
        skippable=True,
    )
    sex_asked = _one(_l("Sex, as the funder asks it"), "sex_asked", _FUNDERS)
    race_ethnicity = _several(_l("Race and ethnicity, as she answers it"), "race_ethnicity", _FUNDERS)
    country = Choice(_l("Country of birth"), look="list", choices=country_choices, purpose=_FUNDERS, skippable=True)
    citizenship = Choice(
        _l("Country of citizenship"), look="list", choices=country_choices, purpose=_FUNDERS, skippable=True
    )
    disabilities = _several(_l("Disability"), "disability_types", _FUNDERS)
    classifications = _several(_l("Circumstances that funders count"), "classifications", _FUNDERS)
    immigration_at_intake = _one(_l("Immigration status when she came"), "immigration_at_intake", _FUNDERS)
    housing_before = _one(_l("Where did she live before?"), "housing_before", _FUNDERS)

    def command(self, code: str) -> SaveHerself:
        return SaveHerself(code=code, version=self.version.data, skipped=self.skipped(), **_coded(self))


def _coded(form: Any) -> dict[str, Any]:
    said = {name: form[name].data for name in form.asked}
    return {name: tuple(value) if isinstance(value, list) else value or "" for name, value in said.items()}
