"""Pick lists and purposes as shipped, and what a bad file meets."""

from pathlib import Path

import pytest

from shelter.rules.picklists import load_picklists, load_purposes, picklists, purposes
from shelter.rules.rulefile import BadRuleFile

FIELDS_OF_THE_INTAKE = {
    "code", "working_name", "legal_name", "aliases", "pronouns", "birth_date", "languages", "safe_contact",
    "code_word", "last_confirmed", "household", "minor_consent", "referral_source", "danger_name",
    "danger_aliases",
    "danger_relationship", "danger_description", "danger_vehicle", "danger_order", "door_alert", "ssn",
}  # fmt: skip


def test_every_field_of_the_intake_says_why_it_is_asked_and_who_will_see() -> None:
    assert set(purposes()) == FIELDS_OF_THE_INTAKE
    for purpose in purposes().values():
        assert purpose.why_we_ask.endswith((".", "?"))
        assert purpose.who_will_see.endswith(".")


def test_every_hard_question_can_be_skipped_in_four_ways_that_hud_knows() -> None:
    skip = picklists()["skip_reasons"].choices
    assert {choice.code: choice.hud for choice in skip} == {
        "not_today": 99,
        "prefers_not_to_say": 9,
        "does_not_know": 8,
        "not_safe_to_ask": 99,
    }
    hard = {purpose.field for purpose in purposes().values() if purpose.hard}
    assert {"legal_name", "birth_date", "ssn", "danger_name", "referral_source"} <= hard


def test_only_the_social_security_number_starts_off() -> None:
    assert {purpose.field for purpose in purposes().values() if purpose.starts_off} == {"ssn"}


def test_what_the_door_reads_lies_outside_the_identity_compartment() -> None:
    assert purposes()["danger_description"].compartment == "shelter"
    assert purposes()["danger_name"].compartment == "identity"


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("door_alert_response", {"call_police", "call_on_call"}),
        ("turn_away_reasons", {"capacity", "not_eligible", "conflict", "declined"}),
        ("bed_kinds", {"single", "bunk", "crib", "cot", "family_room", "hotel_voucher", "overflow"}),
        ("step_owners", {"client", "staff", "partner"}),
        ("channels", {"call", "text", "voicemail", "email", "mail", "in_person", "third_party"}),
    ],
)
def test_the_codes_that_other_rooms_rely_on_stay_as_they_are(code: str, values: set[str]) -> None:
    assert {choice.code for choice in picklists()[code].choices} == values


def test_languages_are_three_letter_codes_and_mixtec_has_one_of_ours() -> None:
    languages = picklists()["languages"].choices
    assert all(len(language.code) == 3 and language.code.isalpha() for language in languages)
    assert picklists()["languages"].choice("qmx").label == "Mixtec"


@pytest.mark.parametrize("word", ["victim", "non-compliant", "placement"])
def test_no_label_uses_a_word_that_the_house_does_not_use(word: str) -> None:
    said = [choice.label for picklist in picklists().values() for choice in picklist.choices]
    said += [purpose.question + purpose.why_we_ask for purpose in purposes().values()]
    assert not [text for text in said if word in text.lower()]


CHOICE = '{ code = "a", label = "A" }'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[[list]]\ncode = "x"\nlabel = "X"\nsource = "s"\nchoices = []\n', "$.list[0].choices"),
        (
            f'[[list]]\ncode = "x"\nlabel = "X"\nsource = "s"\nchoices = [{CHOICE}, {CHOICE}]\n',
            "$.list[0].choices[1]",
        ),
        (
            f'[[list]]\ncode = "x"\nlabel = "X"\nsource = "s"\ncolor = "red"\nchoices = [{CHOICE}]\n',
            "$.list[0]",
        ),
        ('[[list]]\ncode = "x"\n', "$.list[0]"),
        ("[[list]\n", "$"),
    ],
)
def test_a_bad_file_is_refused_with_its_name_and_the_place(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "ours.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_picklists(tmp_path)
    assert (refused.value.file, refused.value.key) == ("ours.toml", key)
    assert refused.value.reason


def test_a_field_named_in_two_files_is_refused(tmp_path: Path) -> None:
    body = 'question = "Q"\nwhy_we_ask = "W."\nwho_will_see = "S."\ncompartment = "identity"\n'
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(f'[[field]]\nfield = "f"\n{body}', encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_purposes(tmp_path)
    assert refused.value.file == "b.toml"


def test_an_empty_folder_and_a_file_in_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRuleFile):
        load_picklists(tmp_path)
    (tmp_path / "latin.toml").write_bytes("# Señora\n".encode("latin-1"))
    with pytest.raises(BadRuleFile) as refused:
        load_picklists(tmp_path)
    assert "UTF-8" in refused.value.reason
