"""The words of a paper, in the language it is made in; typst sets them and computes nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from flask_babel import force_locale
from flask_babel import gettext as _

from shelter.legal.actions import PaperFacts
from shelter.legal.forms.asked import lines
from shelter.legal.words import form_words, notice_words, said
from shelter.web.times import day_full
from shelter.web.typesetting import pdf_of

_TEMPLATE = Path(__file__).parent.parent / "sheet.typ"

Sheet = dict[str, object]


def paper(facts: PaperFacts, kind: str, language: str, words: str) -> bytes:
    with force_locale(language):
        sheet = _frame(facts, language) | _BODIES[kind](facts, words)
    return pdf_of(_TEMPLATE.read_bytes(), sheet, facts.stamp.on)


def _frame(facts: PaperFacts, language: str) -> Sheet:
    protected = _("Protected by 8 U.S.C. 1367. Do not disclose.") if facts.text.protected else ""
    return {
        "lang": language,
        "code": facts.code,
        "mark": protected,
        "foot": day_full(facts.stamp.on),
        "at_top": [],
        "paragraphs": [],
        "rows": [],
        "items": [],
        "numbering": "1.",
        "closing": [],
        "signatures": [],
    }


def _cover_letter(facts: PaperFacts, words: str) -> Sheet:
    top = [day_full(facts.stamp.on), facts.recipient, _("Re: %(name)s", name=facts.name)]
    top += [facts.text.a_number, *sorted({one.receipt_number for one in facts.filings if one.receipt_number})]
    return {
        "title": said(facts.kind.label),
        "at_top": [line for line in top if line],
        "paragraphs": [*lines(words), _("Enclosed:")],
        "items": [form_words(facts.kind, one.form) for one in facts.filings if one.sent_on is None] or _forms(facts),
        "closing": [_("All mail to this matter goes to the address of counsel.")],
        "signatures": [facts.text.agreement.counsel or _("Counsel")],
    }


def _forms(facts: PaperFacts) -> list[str]:
    return [form_words(facts.kind, one.form) for one in facts.filings]


def _exhibit_list(facts: PaperFacts, words: str) -> Sheet:
    return {
        "title": _("Exhibits"),
        "at_top": [_("Re: %(name)s", name=facts.name)],
        "items": [*map(said, facts.gathered), *lines(words)],
        "numbering": "A.",
    }


def _declaration(facts: PaperFacts, words: str) -> Sheet:
    return {
        "title": _("Declaration of %(name)s", name=facts.name),
        "paragraphs": [_("I, %(name)s, declare:", name=facts.name)],
        "items": list(lines(words)) or [_("(her words)")],
        "closing": [
            _("I declare under penalty of perjury under the laws of the United States that this is true and correct."),
            _("Where an interpreter helped: it was read to her in full, in a language that she understands."),
        ],
        "signatures": [_("Signature"), _("Date"), _("Interpreter")],
    }


def _g28(facts: PaperFacts, words: str) -> Sheet:
    receipts = ", ".join(sorted({one.receipt_number for one in facts.filings if one.receipt_number}))
    rows = [
        (_("Client"), facts.name),
        (_("A-number"), facts.text.a_number),
        (_("Represented by"), facts.text.agreement.counsel),
        (_("Forms"), "; ".join(_forms(facts))),
        (_("Receipt numbers"), receipts),
        (_("Kind of matter"), said(facts.kind.label)),
        (_("Mail"), _("to the address of counsel, never to where she lives")),
    ]
    return {
        "title": _("Data for the G-28"),
        "paragraphs": list(lines(words)),
        "rows": [{"label": label, "value": value or "–"} for label, value in rows],
        "signatures": [_("Client"), _("Counsel")],
    }


def _index(facts: PaperFacts, words: str) -> Sheet:
    filed = [
        {
            "label": form_words(facts.kind, one.form),
            "value": _filed(one.sent_on, one.receipt_number),
        }
        for one in facts.filings
    ]
    came = [
        {"label": notice_words(one.type), "value": _filed(one.printed_on, one.receipt_number)}
        for one in sorted(facts.notices, key=lambda notice: notice.printed_on)
    ]
    return {"title": _("Index"), "paragraphs": list(lines(words)), "rows": [*filed, *came]}


def _filed(day: date | None, receipt: str) -> str:
    return ", ".join(part for part in (day_full(day) if day else _("not sent yet"), receipt) if part)


_BODIES: dict[str, Callable[[PaperFacts, str], Sheet]] = {
    "cover_letter": _cover_letter,
    "exhibit_list": _exhibit_list,
    "declaration": _declaration,
    "g28": _g28,
    "index": _index,
}
