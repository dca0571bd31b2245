"""Fees, exemptions and waivers by form, kind of matter and date."""

from datetime import date
from pathlib import Path

import pytest

from shelter.rules.fees import FeeRow, load_fees, shipped_fees
from shelter.rules.rulefile import BadRuleFile

TABLE = shipped_fees()
NOW = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("form", "matter", "on", "dollars"),
    [
        ("I-360", "sij", NOW, [250]),  # Pub. L. 119-21
        ("I-360", "sij", date(2025, 7, 21), []),
        ("I-360", "vawa", NOW, []),
        ("I-589", "asylum", NOW, [100, 100]),  # filing, and each year that it is pending
        ("I-765 (c)(8)", "asylum", NOW, [275, 550]),
        ("I-765 (c)(40)", "t_visa", NOW, []),
        ("EOIR-26", "removal_defense", date(2026, 10, 1), [1060]),
        ("EOIR-26", "removal_defense", date(2026, 9, 30), []),
    ],
)
def test_a_form_costs_what_the_table_of_its_day_says(form: str, matter: str, on: date, dollars: list[int]) -> None:
    assert sorted(row.dollars or 0 for row in TABLE.paid(form, matter, on)) == dollars


def test_survivor_relief_is_exempt_through_adjustment_and_a_juvenile_s_petition_is_not() -> None:
    for matter in ("t_visa", "t_adjustment", "u_visa", "u_adjustment", "vawa", "vawa_adjustment", "sij_adjustment"):
        codes = {row.code for row in TABLE.grounds(["I-485"], matter, NOW)}
        assert "exempt.survivor_relief" in codes, matter
    assert "exempt.survivor_relief" not in {row.code for row in TABLE.grounds(["I-914"], "t_visa", date(2024, 3, 31))}
    assert TABLE.grounds(["I-360"], "sij", NOW) == ()
    assert TABLE.set_by_law("I-360", "sij", NOW) is not None
    assert TABLE.set_by_law("I-360", "vawa", NOW) is None


def test_what_is_unsure_is_marked_and_every_line_has_a_source() -> None:
    assert {row.code for row in TABLE.rows if row.to_be_confirmed} == {
        "pay.i360_sij", "pay.i589", "pay.i589_each_year", "pay.i765_c8_first", "pay.i765_c8_renewal",
    }  # fmt: skip
    assert all(len(row.source) > 10 for row in TABLE.rows)


def test_an_agency_s_own_version_holds_from_its_day() -> None:
    row = TABLE.versions("pay.i589")[-1]
    fields = {name: getattr(row, name) for name in row.__struct_fields__}
    own = FeeRow(**fields | {"version": 2, "dollars": 105, "effective_from": date(2026, 12, 1)})
    table = TABLE.overlaid([own])
    for day, dollars in ((date(2026, 11, 30), 100), (date(2026, 12, 1), 105)):
        found = {row.code: row.dollars for row in table.paid("I-589", "asylum", day)}
        assert found["pay.i589"] == dollars
    with pytest.raises(BadRuleFile):
        table.overlaid([own])


@pytest.mark.parametrize(
    "wrong", ["dollars = -1", 'way = "gift"', 'label = " "', "dollars = 3.5", "effective_until = 2019-01-01", "x = 1"]
)
def test_a_bad_line_is_refused_with_its_place(tmp_path: Path, wrong: str) -> None:
    lines = {
        "code": 'code = "a"', "way": 'way = "pay"', "label": 'label = "A"', "dollars": "dollars = 1",
        "source": 'source = "8 CFR"', "certainty": 'certainty = "V"', "effective_from": "effective_from = 2020-01-01",
    }  # fmt: skip
    lines[wrong.split(" ")[0]] = wrong
    (tmp_path / "own.toml").write_text("[[fee]]\n" + "\n".join(lines.values()), encoding="utf-8")
    with pytest.raises(BadRuleFile) as refused:
        load_fees(tmp_path)
    assert refused.value.key.startswith("$.fee[0]")
