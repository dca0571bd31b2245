"""The environment of templates, kept cheap: a page of fifty lines asks it several hundred times."""

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment as FlaskEnvironment


class Environment(FlaskEnvironment):
    """Flask's own; a template that brings no globals shares those of the environment instead of wrapping them.

    Jinja compares the globals of every import with those of the page: with one dictionary for all, that is
    nothing to compare.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
