"""The commands of `flask --app wsgi`, a line each; each is that person's session or holds no key at all."""

from flask import Flask


def register(app: Flask) -> None:
    """Adds the commands to the application."""
