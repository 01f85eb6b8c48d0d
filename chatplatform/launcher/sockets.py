"""Listening sockets that outlive the processes that accept from them."""

import errno
import socket

BACKLOG = (
    4096  # connects that wait here while a child is started again; daphne's own 50 would refuse
)
SILENT_PEER_MS = (
    20_000  # a peer that acknowledges nothing for this long is gone; Linux would wait 15 min
)

COMPLAINTS = {
    errno.EADDRINUSE: "port {port} is in use: free it or choose another with {option}",
    errno.EACCES: "port {port} needs more rights than we have: choose one above 1023 with {option}",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine: choose another with --host",
}


class CannotListen(Exception):
    """The address is taken or not ours; the message is for the person at the terminal."""


def listening_socket(host: str, port: int, *, option: str) -> socket.socket:
    """An IPv4 socket that listens already; `option` is what the complaint tells people to change.

    Accepted connections inherit its options, so dead peers are noticed in every process.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENT_PEER_MS)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        complaint = COMPLAINTS.get(
            error.errno or 0, "cannot listen on {host}:{port}: " + str(error)
        )
        raise CannotListen(complaint.format(host=host, port=port, option=option)) from None
    listener.listen(BACKLOG)
    return listener
