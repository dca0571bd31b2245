"""Two servers on one PostgreSQL and one object store: a scan that came to one is seen at the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from tests.factories.clients import named
from tests.factories.documents import picture
from tests.hosts.conftest import Hosts
from tests.support.s3_server import S3Server, s3_server

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def store() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def environment(store: S3Server) -> dict[str, str]:
    return {"SHELTER_FILES": "s3://shelter/agency", **store.environment}


def test_a_scan_that_came_to_one_host_is_seen_at_the_other(hosts: Hosts, store: S3Server) -> None:
    code, sent = named(hosts.world, "Oksana Melnyk", called="Oksana"), picture("PNG")
    visitor = hosts.sign_in("caseworker", at=0)
    status, shown = visitor.send_file(f"/people/{code}/files/new", sent, "page with the photograph")
    assert (status, "page with the photograph" in shown) == (200, True)
    assert store.objects
    for body, _ in store.objects.values():
        assert sent[16:48] not in body, "what lies in the store is sealed"
    place = re.search(rf"/people/{code}/files/[0-9a-f]{{32}}/content", shown)
    assert place
    pages = []
    for url in (hosts.urls[1], hosts.urls[0]):
        visitor.url = url
        pages.append(visitor.content(place[0]))
    assert pages[0] == pages[1]
    with Image.open(BytesIO(pages[0])) as seen, Image.open(BytesIO(sent)) as was:
        assert seen.size == was.size
    store.fail_after = 0
    status, said = visitor.send_file(f"/people/{code}/files/new", picture("PNG"), "the other side")
    assert status == 422
    assert "the other side" in said, "a store that is away costs nobody what she typed"
    store.fail_after = None
    visitor.url = hosts.urls[1]
    assert visitor.send_file(f"/people/{code}/files/new", picture("PNG"), "the other side")[0] == 200
