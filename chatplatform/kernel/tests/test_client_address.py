"""From which address a call comes, with and without proxies before us."""

from typing import Any

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from chatplatform.kernel.requests import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),  # nobody stands before us: anyone writes that header
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "1.1.1.1, 203.0.113.7", "203.0.113.7"),  # the first was the caller's own word
        (2, "1.1.1.1, 203.0.113.7, 10.0.0.8", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),  # came past a proxy
        (1, None, "10.0.0.9"),
        (1, "203.0.113.7:4711", "203.0.113.7"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "2001:db8::1", "2001:db8::1"),
        (1, "x" * 5000, "x" * 45),
    ],
)
def test_a_forwarded_address_counts_as_far_as_our_own_proxies_wrote_it(
    settings: Settings, proxies: int, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    assert client_address(request) == address
    assert client_address(scope(forwarded)) == address


def test_a_header_sent_twice_is_read_as_one(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    assert client_address(scope("1.1.1.1", "203.0.113.7")) == "203.0.113.7"


def test_a_peer_on_a_unix_socket_has_no_address() -> None:
    assert client_address({"client": None, "headers": []}) == ""


def scope(*forwarded: str | None) -> dict[str, Any]:
    lines = [(b"x-forwarded-for", line.encode()) for line in forwarded if line]
    return {"client": ("10.0.0.9", 4711), "headers": lines}
