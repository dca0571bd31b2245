"""Matter types as shipped: whole, reachable, in step with the rule book; and what a bad file meets."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from shelter.rules.broken import Broken
from shelter.rules.deadlines import shipped_rules
from shelter.rules.matters import FOLDER, MatterType, load_matter_types, matter_type, matter_types
from shelter.rules.rulefile import BadRuleFile

ALL = sorted(matter_types())


def reachable(matter: MatterType) -> set[str]:
    found = {stage.code for stage in matter.first_stages()}
    while True:
        more = {stage.code for code in found for stage in matter.next_stages(code)} - found
        if not more:
            return found
        found |= more


def test_the_matters_of_the_first_release_are_all_there() -> None:
    assert set(ALL) == {
        "continued_presence", "hhs_certification", "t_visa", "t_family", "u_visa", "u_family", "vawa", "sij", "asylum",
        "t_adjustment", "u_adjustment", "vawa_adjustment", "sij_adjustment", "removal_defense",
        "employment_authorization", "advance_parole", "document_replacement", "foia", "vacatur", "protection_order",
        "restitution", "compensation", "civil_suit", "address_confidentiality",
    }  # fmt: skip


OF_COURTS_AND_STATES = {"restitution", "compensation", "civil_suit"}
"""Limits that differ by state and court: no rule is shipped, and an agency writes its own."""
HERS_ALONE = {"employment_authorization", "advance_parole", "document_replacement"}
"""Nobody has a part in it but the client."""


@pytest.mark.parametrize("code", ALL)
def test_each_matter_brings_forms_stages_people_documents_and_rules_with_source_and_day(code: str) -> None:
    matter = matter_type(code)
    assert matter.forms
    assert matter.stages
    assert matter.gather
    assert bool(matter.people) == (code not in HERS_ALONE)
    assert bool(matter.rules) == (code not in OF_COURTS_AND_STATES)
    assert len(matter.source) > 10
    assert matter.effective_from < date(2026, 12, 1)


def test_a_t_visa_matter_brings_its_forms_without_a_fee() -> None:
    forms = {form.code: form for form in matter_type("t_visa").forms}
    assert set(forms) == {"I-914", "I-914A", "I-914B", "I-192", "I-765", "G-28"}
    assert not forms["I-914B"].required
    assert {form.fee for form in forms.values()} <= {"none", "exempt"}
    assert matter_type("t_visa").classification == "T-1"


@pytest.mark.parametrize("code", ["t_visa", "t_family", "u_visa", "u_family", "vawa", "t_adjustment"])
def test_relief_for_survivors_is_marked_as_protected(code: str) -> None:
    assert matter_type(code).protected


@pytest.mark.parametrize("code", ALL)
def test_every_stage_can_be_reached_and_no_matter_ends_in_a_blind_alley(code: str) -> None:
    matter = matter_type(code)
    assert reachable(matter) == {stage.code for stage in matter.stages}
    for stage in matter.stages:
        assert stage.ends is not bool(matter.next_stages(stage.code))


@pytest.mark.parametrize("code", ALL)
def test_a_matter_and_the_rule_book_name_each_other(code: str) -> None:
    book, matter = shipped_rules(), matter_type(code)
    for rule_id in matter.rules:
        named = book.versions(rule_id)[-1].matters
        assert not named or code in named
    concerned = {rule_id for rule_id in book.ids if code in book.versions(rule_id)[-1].matters}
    assert concerned <= set(matter.rules)


def test_no_rule_names_a_matter_that_does_not_exist() -> None:
    book = shipped_rules()
    named = {matter for rule_id in book.ids for matter in book.versions(rule_id)[-1].matters}
    named |= {matter for limit in book.absences.values() for matter in limit.matters}
    assert named <= set(ALL)


def test_a_stage_that_does_not_follow_is_said_beside_the_field() -> None:
    t_visa = matter_type("t_visa")
    assert t_visa.require_follows(None, "intake").code == "intake"
    assert t_visa.require_follows("receipt", "rfe").label == "Evidence asked for"
    for current, chosen in ((None, "approved"), ("intake", "approved"), ("approved", "intake")):
        with pytest.raises(Broken) as broken:
            t_visa.require_follows(current, chosen)
        assert (broken.value.message_key, broken.value.field) == ("matter.stage_does_not_follow", "stage")
    with pytest.raises(Broken):
        t_visa.require_follows("intake", "tea")


def test_a_certification_that_lapsed_can_be_asked_for_again() -> None:
    u_visa = matter_type("u_visa")
    path = ["intake", "certification_asked", "certification_signed", "certification_lapsed", "certification_asked"]
    for current, chosen in pairwise(path):
        u_visa.require_follows(current, chosen)


def test_an_unknown_type_is_said() -> None:
    with pytest.raises(Broken) as broken:
        matter_type("z_visa")
    assert broken.value.message_key == "matter.type_unknown"


MATTER = """
[[matter]]
code = "x"
label = "X"
source = "8 USC 1"
certainty = "V"
effective_from = 2020-01-01
stages = [{ code = "a", label = "A" }, { code = "b", label = "B", follows = ["a"] }]
rules = ["foia.answer"]
"""


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('"foia.answer"', '"foia.anwser"', "$.matter[0].rules"),
        ('follows = ["a"]', 'follows = ["c"]', "$.matter[0].stages.b.follows"),
        ('{ code = "a", label = "A" }', '{ code = "a", label = "A", follows = ["b"] }', "$.matter[0].stages"),
        ('code = "b"', 'code = "a"', "$.matter[0].stages[1]"),
        ('label = "X"', 'label = "X"\nnotices = ["valentine"]', "$.matter[0].notices"),
        ('label = "X"', 'label = "X"\npeople = ["uncle"]', "$.matter[0].people"),
        ('source = "8 USC 1"', "", "$.matter[0]"),
    ],
)
def test_a_bad_matter_is_refused_with_file_and_key(tmp_path: Path, old: str, new: str, key: str) -> None:
    assert old in MATTER
    (tmp_path / "own.toml").write_text(MATTER.replace(old, new), encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_matter_types(tmp_path)
    assert (refused.value.file, refused.value.key) == ("own.toml", key)


def test_a_matter_in_two_files_is_refused(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    assert set(load_matter_types(tmp_path)) == set(ALL)
    (tmp_path / "zz.toml").write_text(MATTER.replace('"x"', '"t_visa"'), encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_matter_types(tmp_path)
    assert refused.value.key == "$.matter[0].code"
