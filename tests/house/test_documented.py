"""What a person can set or say on a terminal is explained in docs/."""

import re
from collections.abc import Iterator

import click
from flask import Flask

from tests.support.sources import ROOT

FROM_FLASK = {"run", "shell", "routes"}


def docs() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return "\n".join(page.read_text() for page in pages if page.exists())


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        if path or name not in FROM_FLASK:
            yield f"{path}{name}", command
            if isinstance(command, click.Group):
                yield from commands(command, f"{path}{name} ")


def test_every_command_explains_itself_in_a_line(house: Flask) -> None:
    assert not [name for name, command in commands(house.cli) if not command.get_short_help_str(limit=100)]


def test_every_command_is_in_the_docs(house: Flask) -> None:
    written = docs()
    assert not [name for name, _ in commands(house.cli) if name not in written]


def test_every_setting_is_in_the_docs() -> None:
    settings = set(re.findall(r"\bSHELTER_[A-Z_]+\b", (ROOT / "config.py").read_text()))
    assert settings
    assert settings - set(re.findall(r"\bSHELTER_[A-Z_]+\b", docs())) == set()
