"""The forms by which an agency writes its own ways back and its pages on countries."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.clients.queries import agency_today
from shelter.documents.way import USUAL
from shelter.documents.words import OWNERS
from shelter.legal.words import CERTAINTY
from shelter.rules.papers import Step, WayBack
from shelter.rules.papers.abroad import CountryFacts
from shelter.settings.words import paper_kind_choices
from shelter.web.fields import Choice, LongText, NearDate, Purpose, Text, Tick
from shelter.web.forms import EditForm

MOST_STEPS = 12
_WHO = {owner: who for who, owner in USUAL.items()} | {"staff": "Staff"}


class OwnWayForm(EditForm):
    """A way back with its steps; `version` is the number of this agency's version that it was made from."""

    label = Text(_l("What is it called?"), required=True, max_length=160)
    paper = Choice(_l("A way back to which paper?"), look="list", choices=paper_kind_choices, required=True)
    where = Text(_l("Where does it hold?"), hint=_l("any, US, or a state such as US-CA."), max_length=8, required=True)
    evidence = LongText(_l("Proofs that are usually asked for"), hint=_l("One a line."), max_length=1000, rows=4)
    cost = Text(_l("What does it cost?"), max_length=200)
    waiver = Text(_l("When is it free of charge?"), max_length=300)
    usual_time = Text(_l("How long does it usually take?"), max_length=200)
    advice = LongText(_l("What to know before beginning"), max_length=600, rows=2)
    source = LongText(_l("Where does it say so?"), required=_l("Say where this is known from"), max_length=600, rows=2)
    certainty = Choice(_l("How sure is it?"), choices=CERTAINTY, look="list", required=True)
    effective_from = NearDate(_l("It holds for what is begun on or after"), required=True)

    def blocks(self) -> list[tuple[Any, Any, Any, Any]]:
        """The fields of each step, in order."""
        return [tuple(self[f"step{n}_{part}"] for part in _PARTS) for n in range(MOST_STEPS)]  # type: ignore[misc]

    def fill(self, way: WayBack) -> None:
        """Shows the way as it is."""
        for n, step in enumerate(way.steps[:MOST_STEPS]):
            self[f"step{n}_label"].data = step.label
            self[f"step{n}_who"].data = USUAL.get(step.who, "staff")
            self[f"step{n}_gate"].data = step.gate
            self[f"step{n}_advice"].data = step.advice

    def way(self, code: str) -> WayBack:
        return WayBack(
            code=code or _code(self.label.data, set()),
            label=self.label.data,
            paper=self.paper.data,
            where=self.where.data,
            steps=self._steps(),
            evidence=tuple(line.strip() for line in self.evidence.data.splitlines() if line.strip()),
            cost=self.cost.data,
            waiver=self.waiver.data,
            usual_time=self.usual_time.data,
            advice=self.advice.data,
            source=self.source.data,
            certainty=self.certainty.data,
            effective_from=self.effective_from.data,
        )

    def _steps(self) -> tuple[Step, ...]:
        steps: list[Step] = []
        for label, who, gate, advice in self.blocks():
            if label.data:
                code = _code(label.data, {step.code for step in steps})
                owner = _WHO.get(who.data or "staff", "Staff")
                steps.append(Step(code=code, label=label.data, who=owner, gate=bool(gate.data), advice=advice.data))
        return tuple(steps)


_PARTS = ("label", "who", "gate", "advice")
for _n in range(MOST_STEPS):
    setattr(OwnWayForm, f"step{_n}_label", Text(_l("What is done?"), max_length=160))
    setattr(OwnWayForm, f"step{_n}_who", Choice(_l("Who usually takes it?"), look="list", choices=list(OWNERS.items())))
    setattr(OwnWayForm, f"step{_n}_gate", Tick(_l("A gate: nothing after it before counsel has answered")))
    setattr(OwnWayForm, f"step{_n}_advice", Text(_l("What to remember"), max_length=300))


def _code(label: str, taken: set[str]) -> str:
    """A code for an address, made of the label; told apart from those that are there."""
    made = re.sub(r"[^a-z0-9]+", "_", label.casefold()).strip("_")[:40] or "step"
    return next(code for n in range(1, 99) if (code := made if n == 1 else f"{made}_{n}") not in taken)


class CountryForm(EditForm):
    """`version` is the number of the version that it was made from."""

    consulate = LongText(
        _l("Consulates and how they are reached"),
        hint=_l("Nobody's name and nothing about a person: everybody who works with papers reads this."),
        purpose=Purpose(
            _l("So that nobody asks the same office twice, or one that it is not safe to ask."),
            _l("Everybody who works with papers. It is about no person, and is kept without a lock."),
        ),
        max_length=2000,
        rows=4,
    )
    renewal = LongText(_l("How a passport is renewed or replaced there"), max_length=4000, rows=6)
    usual_papers = LongText(_l("Which papers are usual"), max_length=2000, rows=4)
    caution = LongText(
        _l("What to be careful about"), hint=_l("Such as a consulate that tells the family."), max_length=2000, rows=3
    )
    checked_by = Text(_l("Who checked this, and how?"), required=_l("Say who checked this, and how"), max_length=200)
    checked_on = NearDate(_l("On which day?"), required=True)

    def validate_checked_on(self, field: Any) -> None:
        if field.data and field.data > agency_today():
            raise StopValidation(_("This day has not come yet"))

    def facts(self, country: str) -> CountryFacts:
        return CountryFacts(
            country=country,
            consulate=self.consulate.data,
            process=self.renewal.data,
            usual_papers=self.usual_papers.data,
            caution=self.caution.data,
            checked_by=self.checked_by.data,
            checked_on=self.checked_on.data,
        )
