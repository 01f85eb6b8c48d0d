"""What daphne 4.2 gets wrong, put right where it is daphne that runs us.

Plain `daphne chatplatform.asgi:chatbot` imports the application before it makes its server, so the
methods replaced here are the ones it uses. tests/faults/test_daphne_*.py show each fault.
"""

import asyncio
import functools
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import structlog
from twisted.internet.defer import Deferred

from realtime import ending, listening

logger = structlog.get_logger(__name__)

KNOWN = "4.2."
GRACE = 5.0  # s that a request in progress may still take once the process is to end
LEAVE = 2.0  # s after which the process ends, whatever its threads still do


def mend() -> bool:
    """Mend the daphne that runs this process; False if none does, or one that we don't know."""
    if "daphne.server" not in sys.modules:  # never import it: it installs a reactor
        return False
    import daphne

    if not daphne.__version__.startswith(KNOWN):
        logger.warning("daphne_not_mended", version=daphne.__version__, known=KNOWN + "x")
        return False
    from daphne import access, http_protocol, server, ws_protocol

    if server.time is _SteadyClock:  # done already, for the other front door
        return True
    for module in (server, http_protocol, ws_protocol):
        module.time = _SteadyClock
    for protocol in (http_protocol.WebRequest, ws_protocol.WebSocketProtocol):
        protocol.handle_exception = _survived(protocol.handle_exception)
    http_protocol.WebRequest._parsePOSTFormSubmission = _NEVER
    ws_protocol.WebSocketProtocol.serverClose = _server_close
    server.Server.listen_success = _prepared(server.Server.listen_success)
    server.Server.kill_all_applications = _kill_all_applications
    access.AccessLogGenerator.write_entry = _without_query(access.AccessLogGenerator.write_entry)
    return True


# Twisted reads forms before the application does: an upload takes its memory twice, and a broken
# one gets an empty 400. Whether to is set anew with each request, so setting it does nothing.
_NEVER = property(lambda request: False, lambda request, wanted: None)


class _SteadyClock:
    """daphne takes the wall clock for its timeouts: a jump of an hour kills applications that are
    closing, one of a day every WebSocket, and one backwards stops the pings."""

    time = staticmethod(time.monotonic)


def _survived(handle_exception: Callable[[Any, Exception], None]) -> Callable[..., None]:
    """daphne answers a failed application with an error page, which raises once the response has
    begun, and ends the loop that reaps connections for good. Here the connection is cut instead."""

    @functools.wraps(handle_exception)
    def survive(protocol: Any, exception: Exception) -> None:
        try:
            handle_exception(protocol, exception)
        except Exception:
            channel = getattr(protocol, "channel", None) or protocol
            channel.transport.abortConnection()

    return survive


def _without_query(write_entry: Callable[..., None]) -> Callable[..., None]:
    """daphne's access log quotes whole addresses, and a stream's may hold a token: `?token=`."""

    @functools.wraps(write_entry)
    def write(log: Any, *, request: str, **entry: Any) -> None:
        write_entry(log, request=request.partition("?")[0], **entry)

    return write


def _server_close(protocol: Any, code: int | None = None) -> None:
    """autobahn's `sendClose` raises on the codes of RFC 6455 that servers need, such as 1011 and
    1012, and the client never hears why it was left. Its inner one takes them."""
    protocol.sendCloseFrame(code=1000 if code is None else code)


def _prepared(listen_success: Callable[[Any, Any], None]) -> Callable[..., None]:
    """daphne lets 50 connects wait, and a restart brings them by the thousand."""

    @functools.wraps(listen_success)
    def prepare(server: Any, port: Any) -> None:
        listening.listen(port.socket)
        server.ports = [*getattr(server, "ports", []), port]
        listen_success(server, port)

    return prepare


def _kill_all_applications(server: Any) -> Deferred[None]:
    """daphne raises KeyError here if any connection has no application (a request sent in part, an
    answer just given), and then nobody hears a farewell; if none has, it waits for views for ever.
    """
    return Deferred.fromFuture(asyncio.ensure_future(_end(server)))


async def _end(server: Any) -> None:
    """Streams end at once; what is being answered may finish, GRACE seconds at most."""
    ending.begin()
    _leave_after(GRACE + LEAVE)
    for port in getattr(server, "ports", []):
        port.stopReading()  # whoever connects now waits for our successor
    clock = asyncio.get_running_loop().time
    deadline = clock() + GRACE
    told: set[asyncio.Future[None]] = set()
    while (running := _running(server)) and clock() < deadline + LEAVE / 2:
        for application, begun in running.items():
            if application not in told and (begun or clock() >= deadline):
                told.add(application)
                application.cancel()
        await asyncio.wait(running, timeout=0.05)


def _running(server: Any) -> dict[asyncio.Future[None], bool]:
    """The unfinished applications, and whether each has begun to answer."""
    return {
        details["application_instance"]: getattr(protocol, "_response_started", True)
        for protocol, details in server.connections.items()
        if "application_instance" in details and not details["application_instance"].done()
    }


def _leave_after(seconds: float) -> None:
    """Python waits at its end for every pool thread, and a view or a query may hang for ever."""
    timer = threading.Timer(seconds, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    logger.warning("left_with_work_unfinished", threads=[t.name for t in threading.enumerate()])
    logging.shutdown()
    os._exit(0)
