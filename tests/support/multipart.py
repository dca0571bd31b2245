"""A form with a file as a browser sends it, put together here: Werkzeug's client would itself use a temporary file."""

from __future__ import annotations

CONTENT_TYPE = "multipart/form-data; boundary=edge"


def form(content: bytes, name: str, **fields: str) -> bytes:
    """The body: words in their fields, and one file under `file`."""
    parts = [f'form-data; name="{field}"\r\n\r\n{value}' for field, value in fields.items()]
    head = f'form-data; name="file"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
    body = "".join(f"--edge\r\nContent-Disposition: {part}\r\n" for part in [*parts, head]).encode()[:-2]
    return body + content + b"\r\n--edge--\r\n"
