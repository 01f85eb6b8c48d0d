"""Who is measured: ours as it ships, and what one would pick instead, each on the same load."""

import os
import string
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import psutil

from benchmarks.peers import nchan
from benchmarks.production import beside, production
from benchmarks.publishers import Publisher, publisher
from tests.people import Customer
from tests.processes import Process, environment, free_port, started, wait_until
from tests.servers import Platform, Valkey

US = "chatplatform"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Running:
    """A server that streams one channel to whoever sends `request`, and who publishes to it."""

    port: int
    request: bytes
    server: int  # the process id that serves
    helpers: list[int]  # what it needs besides: Redis
    publisher: Publisher


@dataclass(frozen=True)
class Contestant:
    """`run()` starts everything on a free port; `missing()` is the plain reason why it can't."""

    name: str
    run: Callable[[], AbstractContextManager[Running]]
    missing: Callable[[], str] = lambda: ""


def request(path: str, *headers: str) -> bytes:
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/event-stream", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def customers_stream(customer: Customer, last: str = "") -> bytes:
    """What a customer's browser sends to hear her session."""
    position = [f"Last-Event-ID: {last}"] if last else []
    return request(customer.path("/events"), f"Authorization: Bearer {customer.token}", *position)


@contextmanager
def publisher_of(running: Platform, customer: Customer) -> Iterator[Publisher]:
    """A third process that publishes to the customer's session."""
    env = beside(running)
    with publisher("benchmarks.publish_ours", customer.session, "demo", env=env) as process:
        yield process


@contextmanager
def ours() -> Iterator[Running]:
    """The whole platform; many streams of one customer's session, each authorised."""
    with production() as running:
        customer = Customer(running)
        pid = running.pid("chatbot")
        assert pid
        with publisher_of(running, customer) as process:
            yield Running(
                running.port["chatbot"],
                customers_stream(customer),
                pid,
                [running.broker.pid],
                process,
            )


@contextmanager
def python_peer(name: str, command: list[str]) -> Iterator[Running]:
    """benchmarks/peers/NAME: `command` serves its app, on a Valkey of its own."""
    module = f"benchmarks.peers.{name}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="benchmark-")))
        valkey = Valkey(folder)
        stack.callback(valkey.kill)
        valkey.start()
        env = environment(
            folder, BENCHMARK_REDIS=valkey.url, DJANGO_SETTINGS_MODULE=f"{module}.settings"
        )
        port = free_port()
        filled = [part.format(port=port, app=f"{module}.app:application") for part in command]
        line = [sys.executable, "-m", *filled]
        server = stack.enter_context(_serving(line, port, env=env, output=folder / "server.log"))
        process = stack.enter_context(publisher(f"{module}.publish", env=env))
        yield Running(port, request("/events"), server.pid, [valkey.pid], process)


@contextmanager
def nginx() -> Iterator[Running]:
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name, ExitStack() as stack:
        folder, port = Path(name), free_port()
        template = string.Template((HERE / "peers/nchan/nginx.conf").read_text())
        user = "user root;" if os.getuid() == 0 else ""
        config = folder / "nginx.conf"
        config.write_text(template.substitute(module=nchan.module(), user=user, port=port))
        line = ["nginx", "-p", name, "-c", str(config), "-e", "error.log"]
        env = environment(folder)
        server = stack.enter_context(_serving(line, port, env=env, output=folder / "server.log"))
        worker = psutil.Process(server.pid).children()[0]
        process = stack.enter_context(
            publisher("benchmarks.peers.nchan.publish", str(port), env=env)
        )
        yield Running(port, request("/events"), int(worker.pid), [], process)


@contextmanager
def _serving(
    command: list[str], port: int, *, env: dict[str, str], output: Path
) -> Iterator[Process]:
    with started(command, env=env, output=output) as process:
        wait_until(lambda: listening(port) or not process.running, what=f"{command[2]} to listen")
        assert process.running, process.said
        yield process


def listening(port: int) -> bool:
    return any(
        found.status == psutil.CONN_LISTEN and found.laddr.port == port
        for found in psutil.net_connections("tcp4")
    )


def _uninstalled(package: str) -> str:
    return "" if find_spec(package) else f"{package} is not installed (requirements-bench.txt)"


_DAPHNE = ["daphne", "-v0", "-e", "tcp:port={port}:interface=127.0.0.1:backlog=4096", "{app}"]
_UVICORN = ["uvicorn", "--port={port}", "--backlog=4096", "--log-level=warning", "{app}"]

CONTESTANTS = [
    Contestant(US, ours),
    Contestant(
        "nchan (C)",
        nginx,
        lambda: "" if nchan.module() else "nginx has no nchan module here (libnginx-mod-nchan)",
    ),
    Contestant(
        "sse-starlette",
        partial(python_peer, "starlette", _UVICORN),
        partial(_uninstalled, "sse_starlette"),
    ),
    Contestant(
        "django-eventstream",
        partial(python_peer, "eventstream", _DAPHNE),
        partial(_uninstalled, "django_eventstream"),
    ),
    Contestant("plain Channels", partial(python_peer, "channels", _DAPHNE)),
]
