"""Nothing leaves the machine: in tests a socket that reaches past it is an error."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest


class ReachedOutside(Exception):
    """A test, or the code under it, tried to leave the machine."""


def is_here(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def guard(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections and look-ups other than to the loopback; Unix sockets stay open."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    look_up = socket.getaddrinfo

    def refuse_outside(family: int, address: Any) -> None:
        if family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
            raise ReachedOutside(f"a connection to {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_outside(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_outside(self.family, address)
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        if not is_here(host):
            raise ReachedOutside(f"a look-up of {host!r}")
        return look_up(host, *arguments, **named)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
