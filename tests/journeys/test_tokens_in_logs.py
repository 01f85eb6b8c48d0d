"""A token in an address reaches no line of any log, also not of daphne's own."""

import httpx
from websockets.sync.client import connect

from tests.people import Customer
from tests.processes import Process, environment, free_port, manage, wait_until
from tests.servers import Platform


def test_the_token_of_a_stream_or_socket_is_in_no_line(running: Platform) -> None:
    customer = Customer(running)
    address = f"/api/v1/sessions/{customer.session}/events?token={customer.token}"
    with httpx.stream("GET", running.url("chatbot") + address) as answer:
        assert answer.status_code == 200
    host = running.url("chatbot").removeprefix("http://")
    with connect(f"ws://{host}/ws/sessions/{customer.session}?token={customer.token}"):
        pass
    httpx.get(running.url("chatbot") + f"/nowhere?token={customer.token}")
    wait_until(lambda: "/nowhere" in running.launcher.said, what="the log to tell of it")
    assert customer.token not in running.launcher.said


def test_daphne_by_hand_logs_addresses_without_their_queries(running: Platform) -> None:
    port = free_port()
    output = running.folder / "daphne.log"
    command = [*manage()[:1], "-m", "daphne", "-p", str(port), "chatplatform.asgi:chatbot"]
    process = Process(command, env=environment(running.folder), output=output)
    try:
        wait_until(lambda: answers(port), what="daphne to answer")
        httpx.get(f"http://127.0.0.1:{port}/nowhere?token=s3cret-of-hers")
        wait_until(lambda: '"GET /nowhere" 404' in process.said, what="daphne to log it")
        assert "s3cret-of-hers" not in process.said
    finally:
        process.kill()


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.TransportError:
        return False
