"""The form by which a legal supervisor keeps the agencies that certify and the clocks that their own law sets."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shelter.lawbook.commands import KeepCertifier
from shelter.legal.forms.law import SourcedForm
from shelter.legal.queries import CertifierView
from shelter.legal.words import UNITS
from shelter.rules.certifiers import KINDS
from shelter.web.fields import Choice, NearDate, Number, Text


def _days(label: Any, hint: Any = None) -> Number:
    return Number(label, hint=hint, least=1, most=730)


class CertifierForm(SourcedForm):
    label = Text(_l("Whose clock is it?"), hint=_l("Such as: An agency in Nevada."), max_length=120)
    days_supplement_b = _days(_l("Days to answer a Supplement B"), _l("Empty where its law sets none."))
    urgent_supplement_b = _days(_l("Days where it is urgent: she is in removal proceedings, or as its law says"))
    days_t_declaration = _days(_l("Days to answer about a T declaration"))
    urgent_t_declaration = _days(_l("Days for a T declaration where it is urgent"))
    days_continued_presence = _days(_l("Days to answer about continued presence"))
    urgent_continued_presence = _days(_l("Days for continued presence where it is urgent"))
    unit = Choice(_l("Which days are counted?"), choices=UNITS[:2], look="list", required=True)
    remind_after = Number(_l("Without a clock, remind us after how many days?"), least=1, most=365, required=True)
    effective_until = NearDate(_l("And until, if its end is known"))

    def command(self, code: str) -> KeepCertifier:
        return KeepCertifier(
            code=code,
            label=self.label.data,
            days=self._filled("days"),
            urgent=self._filled("urgent"),
            unit=self.unit.data,
            urgent_word=gettext("urgent"),
            remind_after=self.remind_after.data,
            advice=self.advice.data,
            source=self.source.data,
            certainty=self.certainty.data,
            effective_from=self.effective_from.data,
            effective_until=self.effective_until.data,
        )

    def _filled(self, name: str) -> dict[str, int]:
        days = {kind: self[f"{name}_{kind}"].data for kind in KINDS}
        return {kind: one for kind, one in days.items() if one is not None}


def certifier_as_it_is(view: CertifierView) -> dict[str, Any]:
    """What the form of one that is there is filled with."""
    now = view.now
    about = ("source", "certainty", "effective_from", "effective_until", "remind_after")
    filled: dict[str, Any] = {name: getattr(now, name) for name in about}
    filled |= {"label": gettext(now.label), "advice": gettext(now.advice) if now.advice else "", "unit": UNITS[0][0]}
    for clock in view.clocks:
        for name, rule in (("days", clock.rule), ("urgent", clock.urgent)):
            if rule is not None:
                filled |= {f"{name}_{clock.kind}": rule.count, "unit": rule.unit}
    return filled
