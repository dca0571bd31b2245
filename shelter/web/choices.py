"""Questions answered by choosing: radios, a drop-down, checkboxes, one tick."""

from collections.abc import Callable, Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from shelter.web.asked import Asked, DrawnByMacro, Option, Words

Choices = Iterable[tuple[str, Words] | tuple[str, Words, Words]]


class Choice(Asked):
    """One of several answers, as radios (or `look="list"`, a drop-down, for more than eight). `data` is a str or None.

    `choices` are (value, label) or (value, label, hint), or a function giving them; set `form.x.choices` for a request.
    """

    anatomy = "group"
    reason_wins = True
    needed = _l("Choose one of the answers")
    widget = DrawnByMacro("radios")

    def __init__(
        self,
        label: Words = None,
        *,
        choices: Choices | Callable[[], Choices] = (),
        look: str = "radios",
        **options: Any,
    ) -> None:
        super().__init__(label, **options)
        self.choices = choices
        if look == "list":
            self.anatomy = "single"  # type: ignore[misc]  # a drop-down is labelled like one control
            self.widget = DrawnByMacro("dropdown")

    @property
    def options(self) -> list[Option]:
        held = self._held()
        return [
            Option(f"{self.id}-{i}", str(value), label, hint[0] if hint else "", str(value) in held)
            for i, (value, label, *hint) in enumerate(self._listed())
        ]

    @property
    def target_id(self) -> str:
        return f"{self.id}-0" if self.anatomy == "group" else str(self.id)

    def in_words(self) -> str:
        return ", ".join(str(option.label) for option in self.options if option.chosen)

    def _listed(self) -> list[tuple[Any, ...]]:
        return list(self.choices() if callable(self.choices) else self.choices)

    def _held(self) -> set[str]:
        return set() if self.data is None else {str(self.data)}

    def process_data(self, value: Any) -> None:
        self.data = None if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = (str(valuelist[0]) or None) if valuelist else None

    def check_answer(self) -> None:
        if not self._held() <= {str(choice[0]) for choice in self._listed()}:
            raise StopValidation(_("Choose one of the answers on offer"))


class ManyChoices(Choice):
    """Any number of several answers, as checkboxes. `data` is a list of str, in the order on offer."""

    reason_wins = False
    repeats = True
    needed = _l("Choose at least one of the answers")
    widget = DrawnByMacro("checkboxes")

    def _held(self) -> set[str]:
        return {str(value) for value in self.data or ()}

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = {str(value) for value in valuelist if value}
        known = [str(choice[0]) for choice in self._listed() if str(choice[0]) in sent]
        self.data = known + sorted(sent - set(known))


class Tick(Asked):
    """One checkbox with a sentence; `data` is a bool. `required` means it must be ticked."""

    anatomy = "tick"
    widget = DrawnByMacro("tick")

    @property
    def marked_optional(self) -> bool:
        return False

    @property
    def answered(self) -> bool:
        return bool(self.data)

    @property
    def shown(self) -> str:
        return _("Yes") if self.data else _("No")

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(valuelist and valuelist[0] not in ("", "0", "false"))
