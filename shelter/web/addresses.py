"""Parts of an address: `<id:...>` is 32 hex digits and arrives as 16 bytes; anything else is no address of ours."""

from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> bytes:
        return bytes.fromhex(value)

    def to_url(self, value: bytes) -> str:
        return value.hex()


def init(app: Flask) -> None:
    app.url_map.converters["id"] = IdConverter
