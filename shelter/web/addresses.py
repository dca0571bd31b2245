"""Parts of an address: `<id:...>` is 32 hex digits and arrives as 16 bytes; anything else is no address of ours."""

from typing import Any

from flask import Flask, current_app, request, url_for
from werkzeug.routing import BaseConverter

_FIXED = "shelter_fixed_addresses"
_ANY = "-CODE-"
MOST = 2**31 - 1
"""What the database holds as the number of a row."""


class IdConverter(BaseConverter):
    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes) -> str:
        return value.hex()


def fixed(endpoint: str, **values: Any) -> str:
    """`url_for` of what is the same on every page (menu, style, script): built once a process and mount point."""
    # Asked on every line of a list: what the proxies stand for is far cheaper than they are.
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    known: dict[object, str] = app.extensions.setdefault(_FIXED, {})
    key = (request._get_current_object().script_root, endpoint, *values.items())  # type: ignore[attr-defined]
    if key not in known:
        known[key] = url_for(endpoint, **values)
    return known[key]


def of_code(endpoint: str, code: str) -> str:
    """The page of one record, for lists that name many: only the code differs, and a code needs no quoting.

    Raises ValueError for what is no code.
    """
    if not code.replace("-", "").isalnum() or not code.isascii():
        raise ValueError("no code")
    return fixed(endpoint, code=_ANY).replace(_ANY, code)


def init(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
    app.jinja_env.globals["of_code"] = of_code


def number_asked(name: str) -> int | None:
    """A number of the address by which a list is paged; None for one that no row can have, and for words."""
    number = request.args.get(name, type=int)
    return number if number is not None and 0 <= number <= MOST else None
