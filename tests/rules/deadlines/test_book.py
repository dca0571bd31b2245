"""The rule book as shipped, what it refuses, and an agency's own versions over it."""

from datetime import date
from pathlib import Path

import pytest

from shelter.rules.broken import Broken
from shelter.rules.deadlines import load_rules, parse_rules, shipped_rules
from shelter.rules.deadlines.book import FOLDER
from shelter.rules.rulefile import BadRuleFile

TRIGGER = '[[trigger]]\ncode = "notice_date"\nlabel = "notice dated"\nquestion = "Date"\npast = true\n'
RULE = """
[[rule]]
id = "test.rule"
version = 1
label = "A rule"
kind = "due"
trigger = "notice_date"
count = 30
unit = "calendar_days"
roll = "forward"
source = "8 CFR 1"
certainty = "V"
effective_from = 2020-01-01
"""


def folder_with(path: Path, *texts: str) -> Path:
    for number, text in enumerate(texts):
        (path / f"{number}.toml").write_text(text, encoding="utf-8")
    return path


def changed(line: str, to: str) -> str:
    assert line in RULE
    return RULE.replace(line, to)


def test_the_rows_of_the_law_page_are_all_in() -> None:
    assert set(shipped_rules().ids) >= {
        "uscis.rfe_response", "uscis.noid_response", "uscis.noir_response", "uscis.noit_response",
        "uscis.appeal_or_motion", "uscis.appeal_of_revocation", "board.appeal", "board.brief",
        "court.petition_for_review", "motion.reopen", "motion.reconsider",
        "motion.reopen_in_absentia", "motion.reopen_vawa", "address.dhs", "address.court",
        "address.board", "asylum.filing", "u_visa.supplement_b", "t_visa.adjustment_opens",
        "t_visa.adjustment_closes", "u_visa.adjustment_opens", "u_visa.adjustment_closes",
        "ead.expires", "ead.renewal_opens", "i94.expires", "card.expires", "passport.expires",
        "protection_order.expires", "address_confidentiality.expires", "vawa.after_divorce",
        "vawa.after_death", "vawa.after_status_loss", "vawa.child_at_21", "vawa.child_at_25",
        "sij.filing_age", "foia.answer", "uscis.hotline_reply", "california.u_certification",
        "california.t_declaration", "hhs.interim_aid", "vawa.prima_facie_ends", "t_visa.extension",
    }  # fmt: skip


def test_every_shipped_rule_names_a_source_and_rolls_forward_only_where_one_is_in_hand() -> None:
    book = shipped_rules()
    for rule in (version for rule_id in book.ids for version in book.versions(rule_id)):
        assert len(rule.source) > 10
        if rule.kind == "due" and rule.roll == "forward":
            assert rule.id.startswith(("uscis.rfe", "uscis.noi", "board.appeal"))


def test_rules_that_are_unsure_are_marked_for_counsel() -> None:
    book = shipped_rules()
    marked = {rule_id for rule_id in book.ids if book.versions(rule_id)[-1].to_be_confirmed}
    assert {
        "board.appeal",
        "address.board",
        "california.u_certification_urgent",
        "t_visa.extension",
    } <= marked
    assert "motion.reopen" not in marked


def test_the_version_is_chosen_by_the_date_of_the_notice() -> None:
    book = shipped_rules()
    assert book.in_force("uscis.rfe_response", date(2026, 8, 4)).version == 1
    assert book.in_force("uscis.rfe_response", date(2026, 8, 5)).version == 2
    with pytest.raises(Broken) as broken:
        book.in_force("uscis.rfe_response", date(2001, 1, 1))
    assert broken.value.message_key == "deadline.no_version"


def test_a_rule_nobody_wrote_is_said_and_not_a_crash() -> None:
    with pytest.raises(Broken) as broken:
        shipped_rules().in_force("no.such_rule", date(2026, 1, 1))
    assert broken.value.message_key == "deadline.rule_unknown"


def test_a_matter_gets_its_own_rules_and_those_for_all() -> None:
    found = {rule.id for rule in shipped_rules().for_matter("u_visa", date(2026, 11, 21))}
    assert {"u_visa.supplement_b", "uscis.rfe_response", "address.dhs"} <= found
    assert "asylum.filing" not in found


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (changed("count = 30", 'count = "30"'), "$.rule[0].count"),
        (changed("count = 30", ""), "$.rule[0]"),
        (changed("count = 30", "cuont = 30"), "$.rule[0]"),
        (changed('unit = "calendar_days"', 'unit = "weeks"'), "$.rule[0].unit"),
        (changed('certainty = "V"', 'certainty = "X"'), "$.rule[0].certainty"),
        (changed('source = "8 CFR 1"', 'source = " "'), "$.rule[0]"),
        (changed("version = 1", "version = 0"), "$.rule[0].version"),
        (changed('roll = "forward"', 'roll = "none"'), "$.rule[0]"),
        (changed('id = "test.rule"', 'id = "Rule"'), "$.rule[0]"),
        (changed("count = 30", "count = 30\nact_by = 30"), "$.rule[0]"),
        (changed("count = 30", "count = 30\nalerts = [1, 7]"), "$.rule[0]"),
        (changed("2020-01-01", "2020-01-01\neffective_until = 2019-01-01"), "$.rule[0]"),
        (changed("2020-01-01", "2020-02-30"), "$"),
        (changed('"notice_date"', '"moon"'), "$.rule[0].trigger"),
        (RULE + RULE, "$.rule[1].version"),
        (RULE + changed("version = 1", "version = 2"), "$.rule[1].effective_from"),
        (TRIGGER.replace("notice_date", "other") * 2, "$.trigger[1].code"),
    ],
)
def test_a_bad_file_is_refused_with_file_key_and_reason(tmp_path: Path, text: str, key: str) -> None:
    with pytest.raises(BadRuleFile) as refused:
        load_rules(folder_with(tmp_path, TRIGGER, text))
    assert (refused.value.file, refused.value.key) == ("1.toml", key)
    assert refused.value.reason
    assert refused.value.message_key == "rulefile.refused"


def test_a_second_version_after_the_first_one_ended_is_taken(tmp_path: Path) -> None:
    first = changed("2020-01-01", "2020-01-01\neffective_until = 2025-12-31")
    second = changed("version = 1", "version = 2").replace("2020-01-01", "2026-01-01").replace("= 30", "= 20")
    book = load_rules(folder_with(tmp_path, TRIGGER, first + second))
    assert book.deadline("test.rule", date(2025, 12, 31)).date == date(2026, 1, 30)
    assert book.deadline("test.rule", date(2026, 1, 1)).date == date(2026, 1, 21)


def test_a_rule_file_broken_anywhere_refuses_the_whole_folder(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    load_rules(tmp_path)
    (tmp_path / "foia.toml").write_text("[[rule]\n", encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_rules(tmp_path)
    assert refused.value.file == "foia.toml"


def test_an_agencys_own_version_holds_from_its_day_and_the_shipped_one_before() -> None:
    text = (FOLDER / "foia.toml").read_text(encoding="utf-8").split("[[rule]]")[2]
    own = "[[rule]]" + text.replace("version = 1", "version = 2").replace("count = 20", "count = 15")
    own = own.replace("effective_from = 2008-12-31", "effective_from = 2026-06-01")
    book = shipped_rules().overlaid(parse_rules(own))
    assert book.in_force("foia.answer", date(2026, 5, 31)).count == 20
    assert book.in_force("foia.answer", date(2026, 6, 1)).count == 15
    assert shipped_rules().in_force("foia.answer", date(2026, 6, 1)).count == 20
    with pytest.raises(BadRuleFile) as refused:
        book.overlaid(parse_rules(own))
    assert refused.value.key == "$.rule[0].version"
