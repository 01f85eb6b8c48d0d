from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator

from chatplatform.asgi import agents, customers
from chatplatform.protection.cross_origin import CrossOrigin

PAGE = "https://stranger.example"


async def says_yes(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-own", b"1")]})
    await send({"type": "http.response.body", "body": b"yes"})


async def ask(method: str, path: str, **headers: str) -> tuple[int, dict[bytes, bytes]]:
    """The first part of the answer."""
    given = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "headers": given}
    start = await (call := ApplicationCommunicator(CrossOrigin(says_yes), scope)).receive_output(5)
    await call.receive_output(5)
    return start["status"], dict(start["headers"])


@pytest.mark.parametrize("path", ["/api/v1/sessions", "/api/v1/sessions/x/events"])
async def test_a_preflight_is_answered_at_the_door_and_kept_for_a_day(path: str) -> None:
    asked = {"origin": PAGE, "access_control_request_method": "POST"}
    status, headers = await ask("OPTIONS", path, **asked)
    assert (status, headers[b"access-control-allow-origin"]) == (204, b"*")
    assert b"authorization" in headers[b"access-control-allow-headers"]
    assert headers[b"access-control-max-age"] == b"86400"


async def test_an_answer_is_readable_by_every_page_but_without_cookies() -> None:
    status, headers = await ask("GET", "/api/v1/sessions/x", origin=PAGE)
    assert (status, headers[b"x-own"]) == (200, b"1")
    assert headers[b"access-control-allow-origin"] == b"*"
    assert b"retry-after" in headers[b"access-control-expose-headers"]
    assert b"access-control-allow-credentials" not in headers


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("GET", "/", {"origin": PAGE}), ("GET", "/api/v1/x", {}), ("OPTIONS", "/api/v1/x", {})],
)
async def test_what_is_no_page_of_another_site_at_the_api_goes_straight_through(
    method: str, path: str, headers: dict[str, str]
) -> None:
    assert await ask(method, path, **headers) == (200, {b"x-own": b"1"})


def test_it_stands_before_the_customers_door_only() -> None:
    assert isinstance(customers, CrossOrigin)
    assert not isinstance(agents, CrossOrigin)
