"""The sentences behind the keys of `rules.Broken`, said in the reader's language.

Features hand theirs in with `say`; a key nobody has a sentence for is answered with a plain one, never with the key.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

_SENTENCES: dict[str, Any] = {}


def say(sentences: Mapping[str, Any]) -> None:
    """Add sentences: key to lazy translation, with `%(name)s` where the rule gives a value.

    Raises ValueError when a key already says something else.
    """
    for key, words in sentences.items():
        if _SENTENCES.get(key, words) is not words:
            raise ValueError(f"two sentences for {key}")
        _SENTENCES[key] = words


def known() -> frozenset[str]:
    """The keys that have a sentence."""
    return frozenset(_SENTENCES)


def sentence(key: str, values: Mapping[str, str | int] | None = None) -> str:
    words = _SENTENCES.get(key)
    if words is None:
        return _("This cannot be saved as it is.")
    try:
        return str(words) % dict(values) if values else str(words)
    except (KeyError, TypeError, ValueError):
        return _("This cannot be saved as it is.")
