"""A person at a browser: signs in through the form, with a code that is fresh each time."""

from __future__ import annotations

from tests.accounts.browser import At, at

__all__ = ["At", "at"]
