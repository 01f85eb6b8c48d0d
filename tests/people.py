"""A customer and an agent at the HTTP API, as a script would be one."""

import threading
import time
from typing import Any

import httpx

from tests.servers import Platform
from tests.streams import Stream

API = "/api/v1"
PASSWORD = "demo-pass-1234"  # everyone in the demo data has it


class Person:
    """Someone at the API of one side; sends again with the same `client_id` when cut off."""

    def __init__(self, platform: Platform, side: str) -> None:
        self.port = platform.port[side]
        self.http = httpx.Client(base_url=platform.url(side), timeout=30)
        platform.at_the_end.callback(self.http.close)

    def posts(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """POST as a browser's client does it: a broken connection is tried again for a while."""
        deadline = time.monotonic() + 20
        while True:
            try:
                return self.http.post(path, json=body)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


class Customer(Person):
    """A visitor with a session of her own on the chatbot's side."""

    def __init__(self, platform: Platform, *, tenant: str = "demo", name: str = "Ana") -> None:
        super().__init__(platform, "chatbot")
        body = {"tenant": tenant, "customer": {"name": name}}
        opened = ok(self.http.post(f"{API}/sessions", json=body))
        self.session: str = opened["session_name"]
        self.token: str = opened["token"]
        self.position: str = opened["position"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def path(self, rest: str = "") -> str:
        return f"{API}/sessions/{self.session}{rest}"

    def says(self, text: str, client_id: str = "") -> dict[str, Any]:
        return ok(self.posts(self.path("/messages"), message(text, client_id)))

    def asks_for_a_person(self, reason: str = "") -> dict[str, Any]:
        return ok(self.http.post(self.path("/transfer"), json={"reason": reason}))

    def messages(self) -> list[dict[str, Any]]:
        results: list[dict[str, Any]] = ok(self.http.get(self.path("/messages")))["results"]
        return results

    def status(self) -> str:
        return str(ok(self.http.get(self.path()))["status"])

    def listens(self) -> Stream:
        return Stream(
            self.port,
            self.path("/events"),
            headers={"Authorization": f"Bearer {self.token}"},
            last=self.position,
        )


class Agent(Person):
    """Someone logged in to the workbench's API."""

    def __init__(self, platform: Platform, username: str = "agent1") -> None:
        super().__init__(platform, "workbench")
        body = {"username": username, "password": PASSWORD}
        answer = ok(self.http.post("/_allauth/app/v1/auth/login", json=body))
        self.token: str = answer["meta"]["access_token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def accepts(self, session: str) -> httpx.Response:
        return self.http.post(f"{API}/sessions/{session}/accept")

    def says(self, session: str, text: str, client_id: str = "") -> dict[str, Any]:
        return ok(self.posts(f"{API}/sessions/{session}/messages", message(text, client_id)))

    def closes(self, session: str) -> dict[str, Any]:
        return ok(self.http.post(f"{API}/sessions/{session}/close"))

    def listens(self) -> Stream:
        return Stream(self.port, f"{API}/events", headers={"Authorization": f"Bearer {self.token}"})


def message(text: str, client_id: str) -> dict[str, Any]:
    return {"text": text, "client_id": client_id} if client_id else {"text": text}


def ok(answer: httpx.Response) -> dict[str, Any]:
    """The JSON of a successful answer; AssertionError with the body of another."""
    assert answer.is_success, (
        f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text[:500]}"
    )
    body: dict[str, Any] = answer.json()
    return body


def at_once(*calls: Any) -> list[Any]:
    """Run the calls in threads that start together; their results in order."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(index: int) -> None:
        gate.wait()
        results[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
