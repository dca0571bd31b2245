"""A PDF of pictures and nothing else, written page by page: never more than one page of it is in memory."""

from typing import BinaryIO


class Album:
    """Begun by making it, finished by `close`; `out` is written from its beginning to its end (ISO 32000-2, 7.5)."""

    def __init__(self, out: BinaryIO) -> None:
        self._out, self._size = out, 0
        self._starts: list[int] = []
        self._pages: list[int] = []
        self._put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self._tree, self._catalog = self._number(), self._number()

    def add(self, jpeg: bytes, dots: tuple[int, int], width: float, height: float) -> None:
        """A page of so many points, filled by this picture in RGB."""
        page, drawing, picture = self._number(), self._number(), self._number()
        draw = f"{width:.3f} 0 0 {height:.3f} 0 0 cm /Page Do".encode()
        about = f"/Type /XObject /Subtype /Image /Width {dots[0]} /Height {dots[1]} /ColorSpace /DeviceRGB"
        self._stream(picture, f"{about} /BitsPerComponent 8 /Filter /DCTDecode", jpeg)
        self._stream(drawing, "", draw)
        box = f"/MediaBox [0 0 {width:.3f} {height:.3f}] /Resources << /XObject << /Page {picture} 0 R >> >>"
        self._object(page, f"<< /Type /Page /Parent {self._tree} 0 R {box} /Contents {drawing} 0 R >>".encode())
        self._pages.append(page)

    def close(self) -> None:
        kids = " ".join(f"{page} 0 R" for page in self._pages)
        self._object(self._tree, f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>".encode())
        self._object(self._catalog, f"<< /Type /Catalog /Pages {self._tree} 0 R >>".encode())
        begins, count = self._size, len(self._starts) + 1
        table = "".join(f"{start:010} 00000 n \n" for start in self._starts)
        self._put(f"xref\n0 {count}\n0000000000 65535 f \n{table}".encode())
        self._put(f"trailer\n<< /Size {count} /Root {self._catalog} 0 R >>\nstartxref\n{begins}\n%%EOF\n".encode())

    def _number(self) -> int:
        self._starts.append(0)
        return len(self._starts)

    def _stream(self, number: int, about: str, content: bytes) -> None:
        head = f"<< {about} /Length {len(content)} >>\nstream\n".encode()
        self._object(number, b"".join((head, content, b"\nendstream")))

    def _object(self, number: int, content: bytes) -> None:
        self._starts[number - 1] = self._size
        self._put(b"".join((f"{number} 0 obj\n".encode(), content, b"\nendobj\n")))

    def _put(self, raw: bytes) -> None:
        self._out.write(raw)
        self._size += len(raw)
