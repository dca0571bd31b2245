"""Sentences behind message keys, and a Spanish catalogue that has every text of the rule files."""

import re
from datetime import date
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import read_po

from shelter.rules import wording
from shelter.rules.wording import Step, Word, render, sentence, source_texts

ROOM = wording.ROOM
CATALOGUE = ROOM.parent / "translations" / "es" / "rules.po"
FIELDS = ROOM / "her_file"
"""Names fields of a record, which look like keys."""
PLACEHOLDER = re.compile(r"%\(\w+\)s")
MESSAGE_KEY = re.compile(
    r'"((?:sitetime|nights|deadline|identifier|matter|paper|rulefile|presence|weekday|holiday)\.[a-z0-9_.]+)"'
)


def spanish() -> dict[str, str]:
    with CATALOGUE.open("rb") as file:
        messages = read_po(file, locale="es")
    return {str(message.id): str(message.string) for message in messages if message.id}


def test_the_spanish_catalogue_has_every_text_and_no_other() -> None:
    assert set(source_texts()) == set(spanish())
    assert not [text for text, said in spanish().items() if not said]


def test_a_translation_names_the_same_values_as_its_source() -> None:
    for text, said in spanish().items():
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(said)), text


def test_every_message_key_in_our_code_and_data_has_a_sentence() -> None:
    ours = [path for path in ROOM.rglob("*") if path.suffix in {".py", ".toml"} and path.parent != FIELDS]
    used = {key for path in ours for key in MESSAGE_KEY.findall(path.read_text(encoding="utf-8"))}
    assert used
    assert not [key for key in used if not key.endswith(".toml") and not wording.known(key)]


def test_babel_finds_every_text_with_our_extraction_method() -> None:
    found: set[str] = set()
    for path in wording.our_files():
        content = path.read_bytes()
        for line, message, _, _ in babel_extract(wording.extract, BytesIO(content)):
            assert isinstance(message, str)
            assert line <= content.count(b"\n")
            found.add(message)
    assert found == set(source_texts())


def test_a_step_is_said_in_the_readers_language_with_words_inside_it_too() -> None:
    step = Step("nights.step.stay", {"entry": date(2026, 5, 4), "exit": Word("Nights slept here")})
    said = render(step, spanish().__getitem__, lambda day: f"{day:%d/%m}")
    assert said.startswith("Llegó el 04/05, salió el Noches que durmió aquí")


def test_no_sentence_has_a_stray_percent_sign() -> None:
    for text in source_texts():
        assert "%" not in PLACEHOLDER.sub("", text), text


def test_the_catalogue_lies_where_the_web_room_looks_for_it() -> None:
    assert Path(wording.__file__).parent.parent / "translations/es/rules.po" == CATALOGUE
    assert sentence("nights.step.total") in spanish()
