"""Every refusal of the engine is a plain sentence, and none of them holds a count."""

import re
from pathlib import Path

from shelter.rules import disclosure
from shelter.rules.wording import known, sentence

FOLDER = Path(disclosure.__file__).parent
KEYS = {
    key
    for path in FOLDER.iterdir()
    if path.suffix in {".py", ".toml"}
    for key in re.findall(r'"(disclosure\.[a-z_.]+)"', path.read_text(encoding="utf-8"))
}


def test_every_key_has_a_sentence() -> None:
    assert KEYS
    assert not [key for key in KEYS if not known(key)]


def test_no_refusal_says_a_number() -> None:
    assert not [key for key in KEYS if key.startswith("disclosure.refused.") and "%(" in sentence(key)]
