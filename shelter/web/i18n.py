"""English and Spanish: the reader's language, and catalogues read from .po files when the process starts.

No compiled .mo files: they would be a second copy that can be stale.
"""

import io
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages import extract
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, request
from flask_babel import Babel, Domain, get_locale
from flask_babel.speaklater import LazyString

PACKAGE = Path(__file__).resolve().parent.parent
TRANSLATIONS = PACKAGE / "translations"
TEMPLATES = PACKAGE.parent / "templates"
LANGUAGES = (("en", "English"), ("es", "Español"))
LANGUAGE_COOKIE = "__Host-lang"
_CODES = [code for code, _ in LANGUAGES]
_KEYWORDS = {name: spec for name, spec in extract.DEFAULT_KEYWORDS.items() if name != "N_"} | {
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}


class PoDomain(Domain):
    """Flask-Babel's source of translations, over the .po files of every package."""

    def get_translations(self) -> NullTranslations:
        return catalogue(_language())


def _language() -> str:
    """What Flask-Babel has noted for this request; it is asked only where it has not, at thrice the cost.

    A page says hundreds of sentences: `g` itself is asked, as its proxy costs more than all the rest.
    """
    noted = None
    if has_app_context():
        noted = getattr(g._get_current_object().get("_flask_babel"), "babel_locale", None)
    locale = noted or get_locale()
    return str(locale.language) if locale else "en"


_SENTENCES = PoDomain()
gettext: Callable[..., str] = _SENTENCES.gettext
ngettext: Callable[..., str] = _SENTENCES.ngettext
lazy_gettext: Callable[..., LazyString] = _SENTENCES.lazy_gettext
"""Flask-Babel's functions without its search for their source; for words that a list says on every line."""


@cache
def catalogue(language: str) -> NullTranslations:
    """All translations into a language, merged from one .po file a package; nothing for English."""
    merged = Catalog(locale=language)
    for path in sorted((TRANSLATIONS / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id and not message.fuzzy:
                    merged[message.id] = message
    if not len(merged):
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return Translations(compiled)


Offered = Callable[[], tuple[Sequence[str], str]]
_OFFERED = "shelter_offered_languages"


def when_asked(app: Flask, offered: Offered) -> None:
    """Called by the feature that keeps it: which of the languages are offered here, and which is the default."""
    app.extensions[_OFFERED] = offered


def _here() -> tuple[Sequence[str], str]:
    asked: Offered | None = current_app.extensions.get(_OFFERED)
    return asked() if asked else (_CODES, _CODES[0])


def offered() -> list[tuple[str, str]]:
    """The languages of this agency's pages, each with its own name."""
    codes, _ = _here()
    return [one for one in LANGUAGES if one[0] in codes]


def language_of_request() -> str:
    """The signed-in person's own choice, else the cookie's, else the browser's, else the agency's: one it offers."""
    codes, default = _here()
    for chosen in (g.get("locale"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in codes:
            return str(chosen)
    return request.accept_languages.best_match(codes) or default


def page_lang() -> str:
    return _language()


def page_dir() -> str:
    return str(Locale.parse(page_lang()).text_direction)


def init(app: Flask) -> None:
    babel = Babel(app, locale_selector=language_of_request)
    babel.domain_instance = _SENTENCES
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]  # i18n adds it
    app.jinja_env.globals.update(
        page_lang=page_lang, page_dir=page_dir, languages=offered, paper_languages=lambda: LANGUAGES
    )


def missing_translations(package: str, language: str = "es") -> list[str]:
    """The sentences of shelter/<package> and templates/<package> that no .po file of the language has, sorted.

    For the package "web" the shared templates (layout, macros, errors, patterns) are read as well.
    """
    known = catalogue(language)
    translated = set(getattr(known, "_catalog", {}))
    return sorted({text for text in sentences_of(package) if not _is_known(text, translated)})


def sentences_of(package: str) -> Iterator[str]:
    """Every source sentence of a package, as Babel extracts it; of a plural the singular."""
    shared = ("layout", "macros", "errors", "patterns") if package == "web" else ()
    sources = [(PACKAGE / package, "**.py", "python")]
    sources += [(TEMPLATES / folder, "**.html", "jinja2") for folder in (package, *shared)]
    for folder, pattern, method in sources:
        if not folder.is_dir():
            continue
        found: Any = extract.extract_from_dir(
            folder,
            method_map=[(pattern, method)],
            options_map={pattern: {"newstyle_gettext": "true"}},
            keywords=_KEYWORDS,
        )
        for _path, _line, message, _comments, _context in found:
            yield message[0] if isinstance(message, tuple) else message


def _is_known(text: str, translated: set[Any]) -> bool:
    return text in translated or (text, 0) in translated or (text, 1) in translated


def language_of_terminal() -> str:
    """English unless the terminal speaks Spanish."""
    wanted = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "es" if wanted.startswith("es") else "en"
