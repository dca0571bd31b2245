"""A bad shipped file met at start: the last good rules serve and say so; without any, nothing starts."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copytree

import pytest

from shelter.rules import lastgood
from shelter.rules.addresses import warning
from shelter.rules.certifiers import certifiers
from shelter.rules.deadlines import book, shipped_rules
from shelter.rules.fees import shipped_fees
from shelter.rules.matters import matter_types
from shelter.rules.rulefile import BadRuleFile

BAD = {
    "deadlines": "asylum.toml",
    "matters": "immigration.toml",
    "certifiers": "agencies.toml",
    "addresses": "forms.toml",
    "fees": "fees.toml",
}


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Mapping[str, Path]]:
    """A copy of the shipped files; the real ones serve again afterwards."""
    yield {room: Path(copytree(folder, tmp_path / "shipped" / room)) for room, folder in lastgood.ROOMS.items()}
    lastgood.begin(tmp_path)


@pytest.mark.parametrize("room", BAD)
def test_good_rules_are_kept_and_serve_when_a_later_file_is_bad(
    tmp_path: Path, shipped: Mapping[str, Path], room: str
) -> None:
    lastgood.begin(tmp_path, shipped)
    assert lastgood.faults() == ()
    (shipped[room] / BAD[room]).write_text("[[rule]]\nid = 7\n")
    lastgood.begin(tmp_path, shipped)
    assert lastgood.faults() == ("law.last_good",)
    assert shipped_rules().ids == book.load_rules().ids
    assert shipped_rules().versions("asylum.filing") == book.load_rules().versions("asylum.filing")
    assert {"t_visa", "removal_defense"} <= set(matter_types())
    assert set(certifiers()) == {"california", "other_state", "federal"}
    assert warning("I-914", "shelter", book.load_rules().versions("asylum.filing")[0].effective_from) is None
    assert shipped_fees().versions("pay.i589")


@pytest.mark.parametrize("kept", [None, b"", b"{}", b'{"rules": 1}', b'{"deadlines": {"a.toml": "[[rule]]"}}'])
def test_without_good_rules_nothing_starts(tmp_path: Path, shipped: Mapping[str, Path], kept: bytes | None) -> None:
    if kept is not None:
        (tmp_path / lastgood.NAME).write_bytes(kept)
    (shipped["fees"] / "fees.toml").write_text("[[fee]]\n")
    with pytest.raises(BadRuleFile):
        lastgood.begin(tmp_path, shipped)


def test_a_rule_that_a_type_of_matter_names_and_nobody_wrote_is_a_bad_file(
    tmp_path: Path, shipped: Mapping[str, Path]
) -> None:
    (shipped["deadlines"] / "foia.toml").unlink()
    with pytest.raises(BadRuleFile) as refused:
        lastgood.begin(tmp_path, shipped)
    assert refused.value.file == "immigration.toml"
