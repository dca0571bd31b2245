"""A small S3-compatible store on the loopback: objects, ranges, multipart uploads and listings, kept in memory.

It speaks the protocol and knows nothing of us; `fail_after` makes it hang up in the middle, as a store that goes
away does.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY_ID = "test-key"


class S3Server(ThreadingHTTPServer):
    """`objects` by "bucket/key"; `uploads` are begun and not completed.

    After `fail_after` requests it refuses everything; after `cut_after` bytes of an object it hangs up and is away.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.fail_after: int | None = None
        self.cut_after: int | None = None
        self.unsigned = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What an operator says of it: its place and whoever may write there."""
        return {
            "AWS_ENDPOINT": self.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ALLOW_HTTP": "true",
        }

    def put(self, name: str, body: bytes) -> None:
        self.objects[name] = (body, datetime.now(UTC))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: S3Server

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests read answers, not a log."""

    @property
    def name(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/")

    @property
    def query(self) -> dict[str, str]:
        return {key: value[0] for key, value in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for key, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            cut = self.server.cut_after if self.command == "GET" else None
            self.wfile.write(body[:cut])
            if cut is not None and cut < len(body):
                self.close_connection, self.server.fail_after = True, 0

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _refused(self) -> bool:
        if not self.headers.get("Authorization", "").startswith(f"AWS4-HMAC-SHA256 Credential={KEY_ID}/"):
            self.server.unsigned += 1
            self._body()
            self._answer(403)
            return True
        if self.server.fail_after is not None:
            self.server.fail_after -= 1
            if self.server.fail_after < 0:
                self.close_connection = True
                self.connection.close()
                return True
        return False

    def do_PUT(self) -> None:
        if self._refused():
            return
        body, upload = self._body(), self.query.get("uploadId")
        if upload:
            self.server.uploads[upload][int(self.query["partNumber"])] = body
        else:
            self.server.put(self.name, body)
        self._answer(200, ETag=f'"{hashlib.md5(body).hexdigest()}"')  # noqa: S324  the protocol's own

    def do_POST(self) -> None:
        if self._refused():
            return
        body, upload = self._body(), self.query.get("uploadId")
        if "delete" in self.query:
            return self._delete_many(body.decode())
        if upload is None:
            upload = uuid.uuid4().hex
            self.server.uploads[upload] = {}
            said = f"<UploadId>{upload}</UploadId>"
            return self._answer(200, f"<InitiateMultipartUploadResult>{said}</InitiateMultipartUploadResult>".encode())
        parts = self.server.uploads.pop(upload)
        self.server.put(self.name, b"".join(parts[number] for number in sorted(parts)))
        done = '<CompleteMultipartUploadResult><ETag>"whole"</ETag></CompleteMultipartUploadResult>'
        return self._answer(200, done.encode())

    def _delete_many(self, asked: str) -> None:
        keys = re.findall("<Key>(.*?)</Key>", asked)
        for key in keys:
            self.server.objects.pop(f"{self.name.rstrip('/')}/{key}", None)
        said = "".join(f"<Deleted><Key>{key}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{said}</DeleteResult>".encode())

    def do_DELETE(self) -> None:
        if self._refused():
            return
        if upload := self.query.get("uploadId"):
            self.server.uploads.pop(upload, None)
        else:
            self.server.objects.pop(self.name, None)
        self._answer(204)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        if self._refused():
            return
        if "list-type" in self.query:
            return self._listing()
        found = self.server.objects.get(self.name)
        if found is None:
            return self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")
        body, since = found
        more = {"ETag": '"x"', "Last_Modified": format_datetime(since, usegmt=True)}
        if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start, end = int(asked[1]), int(asked[2] or len(body) - 1) + 1
            part = body[start:end]
            return self._answer(206, part, Content_Range=f"bytes {start}-{start + len(part) - 1}/{len(body)}", **more)
        return self._answer(200, body, **more)

    def _listing(self) -> None:
        bucket, prefix = self.name.rstrip("/"), self.query.get("prefix", "")
        rows = "".join(
            f"<Contents><Key>{escape(name.split('/', 1)[1])}</Key><Size>{len(body)}</Size><ETag>x</ETag>"
            f"<LastModified>{since:%Y-%m-%dT%H:%M:%S.000Z}</LastModified></Contents>"
            for name, (body, since) in sorted(self.server.objects.items())
            if name.startswith(f"{bucket}/{prefix}")
        )
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode())


@contextmanager
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    thread = Thread(target=server.serve_forever, name="object store", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
