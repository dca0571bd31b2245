"""Questions answered in words, numbers or a file, and what a page carries back unseen."""

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation
from wtforms.widgets import FileInput, HiddenInput, PasswordInput, TextArea, TextInput

from shelter.web.asked import Asked, Words, cleaned


class Text(Asked):
    """One line of words; `data` is cleaned text, "" when empty. `max_length` in characters."""

    widget: Any = TextInput()

    def __init__(self, label: Words = None, *, max_length: int = 200, **options: Any) -> None:
        super().__init__(label, **options)
        self.max_length = max_length

    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = cleaned(str(valuelist[0]))

    def _value(self) -> str:
        return str(self.data or "")

    def check_answer(self) -> None:
        over = len(self.data) - self.max_length
        if over > 0:
            sentence = _("This is %(over)d characters too long. %(most)d fit here", over=over, most=self.max_length)
            raise StopValidation(sentence)


class LongText(Text):
    """Several lines; says beforehand how much fits and never cuts off what is pasted."""

    widget = TextArea()

    def __init__(self, label: Words = None, *, max_length: int = 10_000, rows: int = 5, **options: Any) -> None:
        super().__init__(label, max_length=max_length, **options)
        self.rows = rows

    @property
    def count_hint(self) -> Words:
        return _l("Up to %(most)d characters fit here.", most=self.max_length)

    def attributes(self) -> dict[str, Any]:
        return super().attributes() | {"rows": self.rows, "data-count": self.max_length}


class Number(Text):
    """A whole number between `least` and `most`; `data` is an int or None. Thousands separators are understood."""

    def __init__(self, label: Words = None, *, least: int = 0, most: int = 1_000_000, **options: Any) -> None:
        super().__init__(label, max_length=20, **options)
        self.least, self.most = least, most

    def process_data(self, value: Any) -> None:
        self.data = value

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = cleaned(str(valuelist[0])) if valuelist else ""
        self.data = None
        if not written:
            return
        digits = re.sub(r"[\s,.](?=\d{3}\b)", "", written)
        if not re.fullmatch(r"-?[0-9]{1,12}", digits):
            raise ValueError(_("Write a whole number, in digits"))
        self.data = int(digits)

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else "" if self.data is None else str(self.data)

    def attributes(self) -> dict[str, Any]:
        return super().attributes() | {
            "inputmode": "numeric",
            "class": super().attributes()["class"] + " is-short",
        }

    def check_answer(self) -> None:
        if not self.least <= self.data <= self.most:
            sentence = _("Write a number from %(least)d to %(most)d", least=self.least, most=self.most)
            raise StopValidation(sentence)


class Secret(Text):
    """A passphrase: never shown again by the server, kept as typed (no trimming), pasting allowed."""

    anatomy = "secret"
    widget = PasswordInput(hide_value=True)

    def __init__(self, label: Words = None, *, autocomplete: str = "current-password", **options: Any) -> None:
        super().__init__(label, max_length=1024, **options)
        self.autocomplete = autocomplete

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = str(valuelist[0])

    def attributes(self) -> dict[str, Any]:
        return super().attributes() | {
            "autocomplete": self.autocomplete,
            "spellcheck": "false",
            "autocapitalize": "none",
        }


class Upload(Asked):
    """A file to send; `data` is the werkzeug FileStorage, None when none was chosen."""

    anatomy = "upload"
    widget = FileInput()

    def __init__(self, label: Words = None, *, accept: str = "", **options: Any) -> None:
        super().__init__(label, **options)
        self.accept = accept

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = valuelist[0] if valuelist else None
        self.data = sent if getattr(sent, "filename", "") else None

    def _value(self) -> bool:
        return False

    def attributes(self) -> dict[str, Any]:
        return super().attributes() | ({"accept": self.accept} if self.accept else {})


class Hidden(Asked):
    """Something the page carries for the server; cleaned text."""

    anatomy = "hidden"
    widget = HiddenInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = cleaned(str(valuelist[0]))

    def _value(self) -> str:
        return "" if self.data is None else str(self.data)

    def attributes(self) -> dict[str, Any]:
        return {}


class Version(Hidden):
    """The version that an edit form was made from; `data` is an int, or None when the form was tampered with."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = str(valuelist[0]) if valuelist else ""
        self.data = int(written) if re.fullmatch(r"[0-9]{1,18}", written) else None

    def check_answer(self) -> None:
        return None

    def pre_validate(self, form: Any) -> None:
        if self.data is None:
            raise StopValidation(_("This page is out of date. Open it again and repeat your change"))
