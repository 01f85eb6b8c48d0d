"""A change made in one process holds in the other within five seconds, on its socket as well."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from tests.people import API, Agent, Customer, ok
from tests.processes import wait_until
from tests.servers import Platform

SOON = 5.0  # seconds


@pytest.fixture
def adam(running: Platform) -> Iterator[Agent]:
    """The demo shop's administrator, at the agents' process; what she changed is taken back."""
    agent = Agent(running, "admin")
    yield agent
    change(agent, "widget", heading=None)
    change(agent, "conversations", longest_message=None)


def change(adam: Agent, group: str, **values: Any) -> float:
    """Change settings; when that was done."""
    ok(adam.http.patch(f"{API}/settings/{group}", json=values))
    return time.monotonic()


def seconds_until(done: Callable[[], bool], since: float) -> float:
    wait_until(done, seconds=3 * SOON, what="the other process to know")
    return time.monotonic() - since


def test_the_customers_pages_and_calls_follow(running: Platform, adam: Agent) -> None:
    page = f"{running.url('chatbot')}/widget/demo/"
    customer = Customer(running)

    def refuses() -> bool:
        body = {"text": "x" * 150}
        return customer.http.post(customer.path("/messages"), json=body).status_code == 400

    since = change(adam, "widget", heading="Ask the kettle")
    assert seconds_until(lambda: "Ask the kettle" in httpx.get(page).text, since) < SOON
    since = change(adam, "conversations", longest_message=100)
    assert seconds_until(refuses, since) < SOON
    since = change(adam, "conversations", longest_message=None)
    assert seconds_until(lambda: not refuses(), since) < SOON


def test_an_open_socket_follows(running: Platform, adam: Agent) -> None:
    customer = Customer(running)
    address = running.url("chatbot").replace("http", "ws") + f"/ws/sessions/{customer.session}"
    with connect(f"{address}?token={customer.token}") as socket:

        def refuses() -> bool:
            socket.send(json.dumps({"type": "message", "text": "y" * 150}))
            while True:
                frame = json.loads(socket.recv(timeout=5))
                if frame["type"] in ("ack", "error"):
                    return bool(frame["type"] == "error")

        assert not refuses()
        since = change(adam, "conversations", longest_message=100)
        assert seconds_until(refuses, since) < SOON
        change(adam, "conversations", longest_message=None)


def test_a_process_that_starts_later_knows_what_was_changed_before(
    running: Platform, adam: Agent
) -> None:
    change(adam, "widget", heading="Ask the lamp")
    running.restart("chatbot")
    page = httpx.get(f"{running.url('chatbot')}/widget/demo/").text
    assert "Ask the lamp" in page


def test_the_changing_process_knows_at_once(adam: Agent) -> None:
    change(adam, "widget", heading="Ask the cup")
    settings = ok(adam.http.get(f"{API}/settings/widget"))["settings"]
    heading = next(each for each in settings if each["key"] == "heading")
    assert (heading["value"], heading["changed_by"]) == ("Ask the cup", "admin")
