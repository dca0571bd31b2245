"""What is compiled once a process: each test makes the application anew, and compiled the same again and again."""

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule


def remember_addresses(patch: pytest.MonkeyPatch) -> None:
    """Keeps what werkzeug compiles to build an address; it reads nothing of the rule but what is its key here."""
    compiled: dict[Any, Callable[..., tuple[str, str]]] = {}
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    patch.setattr(Rule, "_compile_builder", once)


class Templates(BytecodeCache):
    """Compiled templates of this process, by name and source; a changed template is compiled again."""

    _known: dict[tuple[str, str], CodeType]

    def __init__(self) -> None:
        self._known = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._known[bucket.key, bucket.checksum] = bucket.code
