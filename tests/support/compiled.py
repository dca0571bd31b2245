"""What is compiled once a process: each test makes the application anew, and compiled the same again and again."""

from collections.abc import Callable
from types import CodeType
from typing import Any

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

MANY = 10_000


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


def remember_statements(patch: pytest.MonkeyPatch) -> None:
    """What SQLAlchemy compiled for one database serves every other of the same kind and version."""
    known: LRUCache[Any, Any] = LRUCache(MANY)

    def same(one: DefaultDialect, other: object) -> bool:
        return type(one) is type(other) and _version(one) == _version(other)

    patch.setattr(DefaultDialect, "__eq__", same)
    patch.setattr(DefaultDialect, "__hash__", lambda dialect: hash(type(dialect)))
    one_for_all = property(lambda engine: known, lambda engine, cache: None)  # an engine brings one of its own
    patch.setattr(Engine, "_compiled_cache", one_for_all, raising=False)


def _version(dialect: object) -> object:
    return getattr(dialect, "server_version_info", None)


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
