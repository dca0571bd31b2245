"""Run as a process of its own by `drawing`: pages of a PDF come in, pictures go out; imports nothing of the house.

A message is a length and so many bytes. A page is its width and height in points, dots to the inch, and a PDF of one
page in ASCII, which is all that typst takes from memory. A picture is a PNG; an empty one says that it cannot be drawn.
The arguments are a folder that may be read, an empty one, and how many seconds and bytes of memory there are.
"""

import os
import resource
import sys
from typing import IO

_PAGE = b"""
#set page(width: float(sys.inputs.width) * 1pt, height: float(sys.inputs.height) * 1pt, margin: 0pt, fill: white)
#image(bytes(sys.inputs.page), format: "pdf", page: 1, width: 100%, height: 100%, fit: "contain")
"""


def main() -> None:
    empty, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while page := _read(sys.stdin.buffer):
        picture = _drawn(page, empty)
        sys.stdout.buffer.write(len(picture).to_bytes(4, "big") + picture)
        sys.stdout.buffer.flush()
    os._exit(0)


def _read(pipe: IO[bytes]) -> bytes:
    return pipe.read(int.from_bytes(pipe.read(4), "big"))


def _drawn(page: bytes, empty: str) -> bytes:
    import typst

    width, height, dots, document = page.decode("ascii").split(" ", 3)
    given = {"width": width, "height": height, "page": document}
    try:
        drawn = typst.Compiler(_PAGE, root=empty, ignore_system_fonts=True, sys_inputs=given).compile(
            format="png", ppi=float(dots)
        )
    except (typst.TypstError, RuntimeError):
        return b""
    return drawn if isinstance(drawn, bytes) else b""


if __name__ == "__main__":
    main()
