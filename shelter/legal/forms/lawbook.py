"""The forms by which a legal supervisor keeps the table of fees and the kinds of matter."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.lawbook.commands import KeepFee, KeepType
from shelter.legal.forms.asked import lines, notices_on_offer, parts_on_offer, rules_on_offer, types_on_offer
from shelter.legal.forms.law import SourcedForm
from shelter.legal.words import FEE_WAYS, said
from shelter.rules.matters import MatterType
from shelter.rules.matters.lines import form_lines, forms_from, stage_lines, stages_from, texts_from
from shelter.web.fields import Choice, LongText, ManyChoices, NearDate, Number, Text, Tick


class FeeForm(SourcedForm):
    label = Text(_l("What is it for, or on which ground?"), required=_l("Give it a name"), max_length=160)
    way = Choice(_l("What is it?"), choices=FEE_WAYS, look="list", required=True)
    dollars = Number(_l("Dollars, if it is paid"), least=0, most=100_000)
    forms = LongText(
        _l("For which forms?"),
        hint=_l("One a line, such as I-765 or I-765 (c)(8). None means every form."),
        max_length=1000,
        rows=3,
    )
    matters = ManyChoices(_l("In which kinds of matter?"), hint=_l("None chosen means every kind."))
    indexed = Tick(_l("It changes every year"))
    waivable = Tick(_l("A waiver can be asked for"))
    effective_until = NearDate(_l("And until, if its end is known"))

    def offer(self) -> None:
        self.matters.choices = types_on_offer()

    def command(self, code: str) -> KeepFee:
        return KeepFee(
            code=code,
            way=self.way.data,
            label=self.label.data,
            forms=lines(self.forms.data),
            matters=tuple(self.matters.data),
            dollars=self.dollars.data,
            indexed=self.indexed.data,
            waivable=self.waivable.data,
            advice=self.advice.data,
            source=self.source.data,
            certainty=self.certainty.data,
            effective_from=self.effective_from.data,
            effective_until=self.effective_until.data,
        )


class TypeForm(SourcedForm):
    label = Text(_l("What is it called?"), required=_l("Give it a name"), max_length=120)
    classification = Text(_l("Its class, if it has one"), hint=_l("Such as T-1."), max_length=20)
    protected = Tick(_l("Protected by 8 U.S.C. 1367"))
    stages = LongText(
        _l("Which stages does it go through?"),
        hint=_l(
            "One a line, in order; the first is where it begins. A stage follows the line before, unless you say "
            "others: Appeal < Denied; Interview. What nothing follows ends the matter. Stages that are there stay."
        ),
        required=_l("Write the stages, one a line"),
        max_length=3000,
        rows=10,
    )
    forms = LongText(
        _l("Which forms?"),
        hint=_l("One a line: I-765 (c)(9): Work permit"),
        max_length=3000,
        rows=5,
    )
    notices = ManyChoices(_l("Which notices can come?"), hint=_l("None chosen means every kind."))
    people = ManyChoices(_l("Who has a part in it?"))
    gather = LongText(_l("Which papers are gathered?"), hint=_l("One a line."), max_length=2000, rows=5)
    rules = ManyChoices(_l("Which dates are counted in it?"))

    def offer(self) -> None:
        self.notices.choices = notices_on_offer()
        self.people.choices = parts_on_offer()
        self.rules.choices = rules_on_offer()

    def command(self, before: MatterType | None) -> KeepType:
        """Raises `Broken` beside the field for a line that cannot be read."""
        return KeepType(
            code=before.code if before else "",
            label=_as_it_was(self.label.data, before),
            classification=self.classification.data,
            protected=self.protected.data,
            stages=stages_from(lines(self.stages.data), before.stages if before else (), said),
            forms=forms_from(lines(self.forms.data), before.forms if before else (), said),
            notices=tuple(self.notices.data),
            people=tuple(self.people.data),
            gather=texts_from(lines(self.gather.data), before.gather if before else (), said),
            rules=tuple(self.rules.data),
            advice=texts_from([self.advice.data], [before.advice] if before else [], said)[0],
            source=self.source.data,
            certainty=self.certainty.data,
            effective_from=self.effective_from.data,
        )


def _as_it_was(label: str, before: MatterType | None) -> str:
    """The text of the rule files, where it is only said in the reader's language."""
    return before.label if before is not None and gettext(before.label) == label else label


def type_as_it_is(kind: MatterType) -> dict[str, Any]:
    """What the form of a type is filled with."""
    return {
        "label": gettext(kind.label),
        "classification": kind.classification,
        "protected": kind.protected,
        "stages": stage_lines(kind.stages, said),
        "forms": form_lines(kind.forms, said),
        "notices": list(kind.notices),
        "people": list(kind.people),
        "gather": "\n".join(said(text) for text in kind.gather),
        "rules": list(kind.rules),
        "advice": said(kind.advice) if kind.advice else "",
        "source": kind.source,
        "certainty": kind.certainty,
        "effective_from": kind.effective_from,
    }
