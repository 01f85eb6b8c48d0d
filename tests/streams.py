"""A client's side of a stream: reads, remembers, comes back by itself like a browser."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """One event as it arrived; `at` is monotonic seconds."""

    id: str
    type: str
    envelope: dict[str, Any]
    at: float

    @property
    def payload(self) -> dict[str, Any]:
        payload: dict[str, Any] = self.envelope["payload"]
        return payload


class Stream:
    """Reads `path` in a thread until closed; resumes from the last id whenever it is cut off."""

    def __init__(
        self, port: int, path: str, *, headers: Mapping[str, str] | None = None, last: str = ""
    ) -> None:
        self.heard: list[Heard] = []
        self.opened = 0  # how often a stream was answered with 200
        self._port, self._path, self._headers = port, path, dict(headers or {})
        self._last = last
        self._changed = threading.Condition()
        self._closed = False
        self._socket: socket.socket | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_for(
        self, wanted: Callable[[Heard], object], *, seconds: float = 10, after: int = 0
    ) -> Heard:
        """The first event from index `after` on that is `wanted`."""
        found: list[Heard] = []

        def look() -> bool:
            found[:] = [event for event in self.heard[after:] if wanted(event)][:1]
            return bool(found)

        with self._changed:
            if not self._changed.wait_for(look, seconds):
                types = [event.type for event in self.heard]
                raise AssertionError(f"not heard within {seconds:g} s; heard {types}")
        return found[0]

    def wait_until_open(self, times: int = 1, *, seconds: float = 15) -> "Stream":
        """Until it was answered for the `times`-th time."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.opened >= times, seconds), "never opened"
        return self

    def of_type(self, *types: str) -> list[Heard]:
        return [event for event in self.heard if event.type in types]

    def close(self) -> None:
        """End the reading thread, wherever it is."""
        self._closed = True
        with suppress(OSError):  # it may be cut off just now
            if self._socket:
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)

    def __enter__(self) -> "Stream":
        return self.wait_until_open()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self) -> None:
        while not self._closed:
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                with self._answer(connection) as answer:
                    self._read_blocks(answer)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)  # cut off: come back, as a browser does
            finally:
                self._socket = None
                connection.close()

    def _answer(self, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        headers = {**self._headers, "Accept": "text/event-stream"}
        if self._last:
            headers["Last-Event-ID"] = self._last
        connection.request("GET", self._path, headers=headers)
        self._socket = connection.sock
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            answer.close()
            raise ValueError(answer.status)
        with self._changed:
            self.opened += 1
            self._changed.notify_all()
        return answer

    def _read_blocks(self, answer: http.client.HTTPResponse) -> None:
        block: dict[str, str] = {}
        while not self._closed and (line := answer.readline()):
            text = line.decode().rstrip("\n")
            if text:
                name, _, value = text.partition(": ")
                block[name] = value
                continue
            self._dispatch(block, time.monotonic())
            block = {}

    def _dispatch(self, block: dict[str, str], at: float) -> None:
        with self._changed:
            self._last = block.get("id", self._last)
            if "data" in block:
                body = json.loads(block["data"])
                self.heard.append(Heard(self._last, block.get("event", "message"), body, at))
                self._changed.notify_all()
