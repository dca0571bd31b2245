"""The one way a rule says no: a key for the sentence, never the sentence, never a value about a person."""

from collections.abc import Mapping


class Broken(Exception):
    """A rule does not hold.

    `message_key` names a sentence that the web room translates, `field` the form field it belongs to (None:
    the whole form), `values` what the sentence counts or compares. `values` may reach logs: put limits and
    counts there, never what a person typed.
    """

    def __init__(
        self, message_key: str, field: str | None = None, values: Mapping[str, str | int] | None = None
    ) -> None:
        super().__init__(message_key)
        self.message_key = message_key
        self.field = field
        self.values: dict[str, str | int] = dict(values or {})
