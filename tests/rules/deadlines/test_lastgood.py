"""A bad shipped file met at start: the last good rules serve and say so; without any, nothing starts."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest

from shelter.rules.deadlines import book, lastgood, shipped_rules
from shelter.rules.rulefile import BadRuleFile


@pytest.fixture
def shipped(tmp_path: Path) -> Iterator[Path]:
    """A copy of the shipped files; the real ones serve again afterwards."""
    yield Path(copytree(book.FOLDER, tmp_path / "shipped"))
    lastgood.begin(tmp_path)


def test_good_rules_are_kept_and_serve_when_a_later_file_is_bad(tmp_path: Path, shipped: Path) -> None:
    lastgood.begin(tmp_path, shipped)
    assert lastgood.faults() == ()
    (shipped / "asylum.toml").write_text("[[rule]]\nid = 7\n")
    lastgood.begin(tmp_path, shipped)
    assert lastgood.faults() == ("law.last_good",)
    assert shipped_rules().ids == book.load_rules().ids
    assert shipped_rules().versions("asylum.filing") == book.load_rules().versions("asylum.filing")


@pytest.mark.parametrize("kept", [None, b"", b"{}", b'{"rules": 1}'])
def test_without_good_rules_nothing_starts(tmp_path: Path, shipped: Path, kept: bytes | None) -> None:
    if kept is not None:
        (tmp_path / lastgood.NAME).write_bytes(kept)
    (shipped / "asylum.toml").write_text("[[rule]]\n")
    with pytest.raises(BadRuleFile):
        lastgood.begin(tmp_path, shipped)
