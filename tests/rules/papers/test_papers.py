"""Ways back to identity papers: the gate before a consulate, California's rules, and codes of countries."""

from pathlib import Path

import pytest
from babel import Locale

from shelter.rules import identifiers
from shelter.rules.broken import Broken
from shelter.rules.deadlines import shipped_rules
from shelter.rules.papers import FOLDER, load_papers, papers
from shelter.rules.papers.countries import countries, issuing_country
from shelter.rules.rulefile import BadRuleFile

BOOK = papers()


def test_nobody_contacts_a_consulate_before_counsel_has_answered() -> None:
    way = BOOK.ways["foreign_passport"]
    assert [step.code for step in way.open_steps([])] == ["ask_counsel"]
    with pytest.raises(Broken) as broken:
        way.require_open("police_report", [])
    assert broken.value.message_key == "paper.gate_closed"
    assert way.require_open("appointment", ["ask_counsel"]).code == "appointment"
    assert len(way.open_steps(["ask_counsel"])) == 5


def test_every_way_that_meets_a_consulate_begins_with_the_gate() -> None:
    for way in BOOK.ways.values():
        if BOOK.kinds[way.paper].issued_by == "foreign":
            assert way.steps[0].gate
            assert "counsel" in way.steps[0].label


def test_a_gate_in_the_middle_holds_what_comes_after_it_and_nothing_before() -> None:
    for way in BOOK.ways.values():
        done: list[str] = []
        while opened := way.open_steps(done):
            for step in opened:
                assert way.require_open(step.code, done) is step
            done.append(opened[-1].code if len(opened) == 1 else opened[0].code)
        assert set(done) == {step.code for step in way.steps}


def test_the_first_kinds_of_paper_all_have_a_way_back() -> None:
    for kind in ("foreign_passport", "us_passport", "i94", "ead", "us_birth_certificate", "state_id", "ssn_card"):
        assert BOOK.ways_for(kind, "US-CA"), kind


def test_californias_own_way_comes_before_the_countrys_and_is_not_offered_elsewhere() -> None:
    assert [way.code for way in BOOK.ways_for("us_birth_certificate", "US-CA")] == [
        "california_birth_certificate",
        "us_birth_certificate",
    ]
    assert [way.code for way in BOOK.ways_for("us_birth_certificate", "US-TX")] == ["us_birth_certificate"]
    assert "Free" in BOOK.ways["california_birth_certificate"].cost


def test_papers_held_by_others_count_as_withheld_in_htcds() -> None:
    withheld = {state.code for state in BOOK.states.values() if state.htcds_withheld}
    assert withheld == {"with_trafficker", "with_employer"}
    assert set(BOOK.states) == {
        "never_had", "in_hand", "with_trafficker", "with_employer", "police_evidence", "agency_safe", "lost",
        "destroyed", "expired", "applied", "appointment", "issued", "returned", "refused",
    }  # fmt: skip


def test_what_a_kind_names_exists() -> None:
    for kind in BOOK.kinds.values():
        assert not kind.rule or kind.rule in shipped_rules().ids
        assert not kind.number or hasattr(identifiers, kind.number)


@pytest.mark.parametrize(
    ("typed", "code", "sort"),
    [
        ("PHL", "PHL", "iso"),
        (" mex ", "MEX", "iso"),
        ("D<<", "D", "special"),
        ("RKS", "RKS", "special"),
        ("XXB", "XXB", "stateless"),
        ("NTZ", "NTZ", "withdrawn"),
    ],
)
def test_a_country_is_found_as_typed_or_as_printed(typed: str, code: str, sort: str) -> None:
    found = issuing_country(typed)
    assert (found.code, found.sort) == (code, sort)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("UTO", "paper.country_specimen"), ("ZZZ", "paper.country_unknown"), ("", "paper.country_unknown")],
)
def test_a_specimen_or_an_unknown_code_is_refused(typed: str, key: str) -> None:
    with pytest.raises(Broken) as broken:
        issuing_country(typed)
    assert broken.value.message_key == key
    assert issuing_country("UTO", specimens=True).sort == "specimen"


def test_every_iso_country_has_a_name_in_both_languages_and_every_other_code_a_label() -> None:
    iso = [country for country in countries().values() if country.sort == "iso"]
    assert len(iso) == 249
    assert len({country.alpha2 for country in iso}) == 249
    for locale in (Locale("en"), Locale("es")):
        assert all(country.alpha2 in locale.territories for country in iso)
    assert all(country.label for country in countries().values() if country.sort != "iso")


def test_a_way_for_an_unknown_paper_is_refused(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.toml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    text = (tmp_path / "passports.toml").read_text(encoding="utf-8")
    (tmp_path / "passports.toml").write_text(
        text.replace('paper = "us_passport"', 'paper = "moon_passport"', 1), encoding="utf-8"
    )
    with pytest.raises(BadRuleFile) as refused:
        load_papers(tmp_path)
    assert (refused.value.file, refused.value.key) == ("passports.toml", "$.way[1].paper")


def test_every_kind_of_the_domain_page_has_a_way_and_none_from_abroad_goes_round_counsel() -> None:
    assert BOOK.kinds.keys() == {way.paper for way in BOOK.ways.values()}
    abroad = [
        way for way in BOOK.ways.values() if any("onsulate" in s.label or s.code == "apostille" for s in way.steps)
    ]
    assert len(abroad) >= 9
    assert all(way.steps[0].gate for way in abroad)
    orders = [way for way in BOOK.ways.values() if way.paper == "court_order"]
    assert all(way.steps[0].gate for way in orders), "the other side may read the file of a case"


def test_what_was_read_in_no_source_is_to_be_confirmed() -> None:
    unread = [way for way in papers().ways.values() if "read in no source" in way.source]
    assert len(unread) > 8
    assert [way.code for way in unread if not way.to_be_confirmed] == []
