"""Files on their way in never lie in clear in a temporary file, and are refused where no page asks for one.

The framework would write an upload over 500 KiB in clear to the disk.
"""

import io
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Request, current_app, has_app_context
from werkzeug.exceptions import RequestEntityTooLarge

ORDINARY_BODY = 1_000_000
"""Bytes of a request without a file where the application sets no MAX_CONTENT_LENGTH."""
_ATTRIBUTE = "shelter_upload_cap"

View = TypeVar("View", bound=Callable[..., Any])


def takes_files(most_bytes: int | Callable[[], int]) -> Callable[[View], View]:
    """Marks a view that accepts files of at most `most_bytes` together; every other view refuses them with 413.

    A limit that is a setting is given as a function.
    """

    def mark(view: View) -> View:
        setattr(view, _ATTRIBUTE, most_bytes)
        return view

    return mark


class CappedMemory(io.BytesIO):
    """Memory that refuses to grow over its cap and is overwritten when it is let go."""

    def __init__(self, cap: int) -> None:
        super().__init__()
        self._cap = cap

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._cap:
            raise RequestEntityTooLarge()
        return super().write(data)

    def close(self) -> None:
        if not self.closed:
            with self.getbuffer() as held:
                held[:] = bytes(len(held))
        super().close()


class BoundedRequest(Request):
    """A request whose body has a limit that its view states; the application's `request_class`."""

    @property
    def file_cap(self) -> int:
        """Bytes of files this request may carry, 0 where no view asks for files."""
        view = current_app.view_functions.get(self.endpoint or "") if has_app_context() else None
        most = getattr(view, _ATTRIBUTE, 0)
        return int(most() if callable(most) else most)

    @property
    def max_content_length(self) -> int:
        ordinary = current_app.config.get("MAX_CONTENT_LENGTH") if has_app_context() else None
        return int(ordinary or ORDINARY_BODY) + self.file_cap

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        raise AttributeError("a view states its limit with takes_files")

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """What the application keeps files in (`FILE_SPOOL`), which gets the cap; without one, memory."""
        keep: Callable[[int], IO[bytes]] = current_app.config.get("FILE_SPOOL") or CappedMemory
        return keep(self.file_cap)
