"""The application started by its own command, as somebody who has just cloned it does; and people who sign in there."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from tests.support import multipart

ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Running:
    """A server that said it is ready; `said` is everything it printed until then."""

    process: subprocess.Popen[str]
    url: str
    folder: Path
    said: str

    @property
    def log(self) -> str:
        """What it wrote down until now, as the journal of a machine would hold it."""
        return log_of(self.folder).read_text()

    def accounts(self) -> dict[str, str]:
        """Passphrases by sign-in name, as the file beside the database tells them."""
        listed = json.loads((self.folder / "demo-accounts.json").read_text())
        return {one["username"]: one["passphrase"] for one in listed}

    def who_is(self, role: str) -> str:
        listed = json.loads((self.folder / "demo-accounts.json").read_text())
        return next(one["username"] for one in listed if role in one["roles"])

    def workers(self) -> list[int]:
        """The processes that answer requests."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if b"tick" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def log_of(folder: Path) -> Path:
    """Beside the data folder, never in it."""
    return folder.with_name(f"{folder.name}.log")


@contextmanager
def running(folder: Path) -> Iterator[Running]:
    """`run-server` on a free port over this data folder; ends it as Ctrl-C does."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "SHELTER_DATA": str(folder), "PORT": str(port)}
    environment.pop("SHELTER_DATABASE_URL", None)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run-server"]
    with log_of(folder).open("a") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("Ready:"):
                break
        assert process.poll() is None, "".join(said) + log_of(folder).read_text()
        yield Running(process, f"http://localhost:{port}", folder, "".join(said))
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        finally:
            if process.stdout is not None:
                process.stdout.close()


@dataclass
class Visitor:
    """Somebody with a browser that keeps cookies, at a running server."""

    url: str
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar())))

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(Request(self.url + path))  # noqa: S310  our own loopback

    def post(self, path: str, token: str, **fields: str) -> tuple[int, str]:
        data = urlencode({"csrf_token": token, **fields}).encode()
        headers = {"Sec-Fetch-Site": "same-origin"}
        return self._ask(Request(self.url + path, data=data, headers=headers))  # noqa: S310  our own loopback

    def send_file(self, path: str, content: bytes, label: str) -> tuple[int, str]:
        """A photograph or scan by the form at `path`; the page that follows."""
        body = multipart.form(content, "IMG_0001.HEIC", csrf_token=self.token(path), label=label)
        headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": multipart.CONTENT_TYPE}
        return self._ask(Request(self.url + path, data=body, headers=headers))  # noqa: S310  our own loopback

    def content(self, path: str) -> bytes:
        """The bytes of a picture, asked for as a page of ours asks for it."""
        headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "image"}
        with self.opener.open(Request(self.url + path, headers=headers), timeout=60) as answer:  # noqa: S310  the same
            return bytes(answer.read())

    def token(self, path: str) -> str:
        found = TOKEN.search(self.get(path)[1])
        assert found is not None, path
        return found[1]

    def sign_in(self, name: str, passphrase: str) -> tuple[int, str]:
        """The page that follows; a status of 503 says that too many wait."""
        return self.post("/sign-in", self.token("/sign-in"), name=name, passphrase=passphrase, code="")

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as refused:
            return refused.code, refused.read().decode()
