"""What every listening socket of ours needs, whoever opened it."""

import socket

BACKLOG = 4096  # connects that wait here while a process is busy or is started again
SILENT_PEER_MS = (
    20_000  # a peer that acknowledges nothing for this long is gone; Linux would wait 15 min
)


def listen(listener: socket.socket) -> None:
    """Listen, or go on listening, with room for everyone who comes back after a restart.

    Accepted connections inherit the options, so dead peers are noticed in every process.
    """
    if listener.family in (socket.AF_INET, socket.AF_INET6):
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_PEER_MS)
    listener.listen(BACKLOG)
