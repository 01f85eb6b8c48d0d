"""Listening sockets that outlive the processes that accept from them."""

import errno
import socket

from realtime import listening

COMPLAINTS = {
    errno.EADDRINUSE: "port {port} is in use: free it or choose another with {option}",
    errno.EACCES: "port {port} needs more rights than we have: choose one above 1023 with {option}",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine: choose another with --host",
}


class CannotListen(Exception):
    """The address is taken or not ours; the message is for the person at the terminal."""


def listening_socket(host: str, port: int, *, option: str) -> socket.socket:
    """An IPv4 socket that listens already; the complaint tells people to change `option`."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        complaint = COMPLAINTS.get(
            error.errno or 0, "cannot listen on {host}:{port}: " + str(error)
        )
        raise CannotListen(complaint.format(host=host, port=port, option=option)) from None
    listening.listen(listener)
    return listener
