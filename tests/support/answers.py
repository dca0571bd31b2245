"""What a page of a form shows again after it was sent: each answer as it was typed, and what is said beside it."""

from html.parser import HTMLParser

_EMPTY = {"input", "br", "img", "link", "meta", "hr"}


class Shown(HTMLParser):
    """`answers` by the names of the questions, `errors` by the names too, each squeezed to one line."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.answers: dict[str, list[str]] = {}
        self.errors: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._name = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {key: value or "" for key, value in attributes}
        name = known.get("name", "")
        if tag == "input" and (known.get("type") not in ("radio", "checkbox") or "checked" in known):
            self.answers.setdefault(name, []).append(known.get("value", ""))
        if tag in ("select", "textarea"):
            self._name = name
        if tag == "option" and "selected" in known:
            self.answers.setdefault(self._name, []).append(known.get("value", ""))
        if tag not in _EMPTY:
            self._open.append((tag, known.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "textarea":
            self.answers.setdefault(self._name, []).append(data.strip("\r\n"))
        for _tag, its_id in self._open:
            if its_id.endswith("-error"):
                told = self.errors.get(its_id[:-6], "")
                self.errors[its_id[:-6]] = " ".join(f"{told} {data}".split())
