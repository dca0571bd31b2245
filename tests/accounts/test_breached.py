"""A passphrase of her own that was ever breached is refused, from a file on this machine and without asking anybody."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import Settings, Unconfigured
from shelter.accounts.breached import is_listed
from shelter.policy.roles import Role
from tests.accounts.browser import At, at
from tests.accounts.test_colleagues import accept, invite
from tests.factories.agency import World

__all__ = ["at"]
OWN = "violet umbrella drifts northward"


def hashed(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest().upper()


def listed(path: Path, *texts: str, end: str = "\r\n") -> Path:
    path.write_text(
        "".join(f"{one}:{number}{end}" for number, one in enumerate(sorted(map(hashed, texts)), 7)), newline=""
    )
    return path


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 500])
def test_each_of_the_list_is_found_and_no_other(tmp_path: Path, size: int, end: str) -> None:
    texts = [f"number {number}" for number in range(size)]
    path = listed(tmp_path / "pwned.txt", *texts, end=end)
    assert all(is_listed(path, one) for one in texts)
    assert not any(is_listed(path, f"other {number}") for number in range(300))


def test_one_of_the_list_is_refused_in_words(app: Flask, at: At, world: World, tmp_path: Path) -> None:
    path = listed(tmp_path / "pwned.txt", OWN, "something else")
    app.extensions["shelter_settings"] = replace(app.extensions["shelter_settings"], breached=path)
    link = invite(world, Role.CASEWORKER)
    answer, drawn, _ = accept(at, link, passphrase=OWN, again=OWN)
    assert answer.status_code == 422
    assert "was in a breach somewhere" in answer.text
    assert drawn in answer.text, "the drawn one is still offered"
    other = OWN.replace("violet", "orange")
    assert accept(at, link, passphrase=other, again=other)[0].status_code == 200


def test_a_list_that_is_named_and_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(Unconfigured, match="SHELTER_BREACHED"):
        Settings.from_environment({"SHELTER_DATA": str(tmp_path), "SHELTER_BREACHED": str(tmp_path / "none.txt")})
