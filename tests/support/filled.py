"""A value in every field of a struct: words that stand nowhere else, days of their own, and codes that a list knows."""

import types
import typing
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

Codes = Mapping[str, tuple[Any, Any]]
"""What a field may hold and another such value, by its path; the first key of a dict by its path and `.key`."""
FIRST = date(2019, 1, 7)


def inner(kind: Any) -> Any:
    """The type without None."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        (kind,) = (one for one in typing.get_args(kind) if one is not type(None))
    return kind


def leaves(kind: Any, path: str, inside: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Path and type of every value that a struct can have, those in lists and in structs of it too.

    What stood before inside the same struct is one path, of the struct itself.
    """
    kind = inner(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        if kind in inside:
            yield path, kind
            return
        for name, of in typing.get_type_hints(kind).items():
            if typing.get_origin(of) is not typing.ClassVar:
                yield from leaves(of, f"{path}.{name}", (*inside, kind))
    elif origin := typing.get_origin(kind):
        for of in typing.get_args(kind)[1 if origin is dict else 0 :]:
            if of is not Ellipsis:
                yield from leaves(of, path, inside)
    else:
        yield path, kind


class Filled:
    """Makes structs. `known` gives values by path, `codes` a code and another; all other text is a canary of its path.

    What is made with `other` differs in that one path from what is made without.
    """

    def __init__(self, codes: Codes, known: Mapping[str, Any]) -> None:
        self._codes, self._known = codes, known
        self._numbers: dict[str, int] = {}

    def canary(self, path: str) -> str:
        return f"heron{self._number(path)}quill"

    def make(self, kind: Any, path: str, other: str = "", inside: tuple[Any, ...] = ()) -> Any:
        kind = inner(kind)
        if path in self._known:
            return self._known[path]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(kind, path, other, inside)
        origin, of = typing.get_origin(kind), typing.get_args(kind)
        if origin is list:
            return [self.make(of[0], path, other, inside)]
        if origin is tuple:
            parts = of[:1] if of[-1] is Ellipsis else of
            return tuple(self.make(one, path, other, inside) for one in parts)
        if origin is dict:
            return {self._codes.get(f"{path}.key", (f"{path}-key",))[0]: self.make(of[1], path, other, inside)}
        return self._value(kind, path, changed=other == path)

    def _struct(self, kind: Any, path: str, other: str, inside: tuple[Any, ...]) -> Any:
        fields = {
            name: self.make(of, f"{path}.{name}", other, (*inside, kind))
            for name, of in typing.get_type_hints(kind).items()
            if typing.get_origin(of) is not typing.ClassVar and inner(of) not in (*inside, kind)
        }
        return kind(**fields)

    def _value(self, kind: Any, path: str, *, changed: bool) -> Any:
        number = self._number(path)
        day = FIRST + timedelta(days=number + (900 if changed else 0))
        if path in self._codes:
            return self._codes[path][changed]
        if kind is str:
            return self.canary(path)
        if kind is bool:
            return not changed
        if kind is int:
            return 30 + number + (900 if changed else 0)
        if kind is date:
            return day
        if kind is datetime:
            return datetime(day.year, day.month, day.day, 15, 20, tzinfo=UTC)
        if kind is time:
            return time(17 if changed else 16, number % 60)
        if kind is bytes:
            return number.to_bytes(16, "big")
        raise AssertionError(f"{path}: no value is made of {kind}")

    def _number(self, path: str) -> int:
        return self._numbers.setdefault(path, len(self._numbers) + 1)
