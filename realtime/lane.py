"""The short way to a client: past the layers of daphne and Twisted, straight to the socket.

Of what a delivery costs, the system call is the smallest part. While the server holds nothing for a
connection, shared bytes go to its socket as they are; what does not fit, and everything behind it,
goes through the transport's own buffer, so the order is kept. On any other server there is no lane,
and frames go through plain ASGI `send`. It stands on insides of daphne 4.2 and Twisted 26, which
tests/journeys/test_lane.py checks against a real daphne.
"""

from typing import Any

from twisted.internet.tcp import Server


class Lane:
    """One HTTP response that has begun, as its TCP connection. Event loop only."""

    __slots__ = ("_transport",)

    def __init__(self, transport: Server) -> None:
        self._transport = transport

    @property
    def unsent(self) -> int:
        """Bytes that the server still holds for a client that reads too slowly."""
        transport: Any = self._transport
        held: int = len(transport.dataBuffer) - transport.offset + transport._tempDataLen
        return held

    def write(self, data: bytes) -> bool:
        """Send `data` after all before it; never blocks, never raises. True if none waits."""
        transport: Any = self._transport
        if not transport.connected or transport.disconnecting:
            return True
        if transport.dataBuffer or transport._tempDataLen:
            transport.write(data)
            return False
        try:
            sent: int = transport.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:  # the client is gone; the reactor will hear of it as well
            transport.abortConnection()
            return True
        if sent == len(data):
            return True
        transport.write(data[sent:])
        return False

    def abort(self) -> None:
        """Drop the connection without waiting for what is still unsent."""
        transport: Any = self._transport
        transport.abortConnection()


def _request_under(send: Any) -> Any:
    """daphne hands its application `partial(handle_reply, protocol)`."""
    return next(iter(getattr(send, "args", ())), None)


def response_lane(send: Any) -> Lane | None:
    """The lane under an ASGI `send` whose response has begun; None if there is no sure way.

    Only plain TCP with chunked encoding: TLS and HTTP/2 wrap every byte, HTTP/1.0 has no chunks.
    """
    request = _request_under(send)
    transport = getattr(getattr(request, "channel", None), "transport", None)
    if type(transport) is not Server or transport.TLS or not getattr(request, "chunked", 0):
        return None
    return Lane(transport)


def socket_lane(send: Any) -> Lane | None:
    """The lane under a WebSocket's `send`, to see and end a client that does not read."""
    transport = getattr(_request_under(send), "transport", None)
    return Lane(transport) if type(transport) is Server else None
