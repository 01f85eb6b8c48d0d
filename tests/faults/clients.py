"""Clients that misbehave: raw sockets that stop reading, vanish, or never answer again."""

import ctypes
import socket
import struct
import threading
from contextlib import suppress

from tests.faults.readers import Reader

SMALL_BUFFER = 4096  # bytes of receive buffer: soon full
SO_ATTACH_FILTER = 26
KEEP_NOTHING = struct.pack("HBBI", 6, 0, 0, 0)  # BPF: return 0 bytes of every packet


def opened_stream(reader: Reader, *, buffer: int = 0) -> socket.socket:
    """The stream that `reader` would open, past its first position."""
    peer = socket.socket()
    if buffer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    peer.settimeout(20)
    peer.connect(("127.0.0.1", reader.port))
    peer.sendall(reader.request())
    said = b""
    while b"\nid: " not in said:
        data = peer.recv(512)
        assert data, said
        said += data
    return peer


def vanish(peer: socket.socket) -> None:
    """With a reset, as a process that was killed."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def fall_off_the_network(peer: socket.socket) -> None:
    """From now on nothing that reaches this socket is even acknowledged."""
    program = ctypes.create_string_buffer(KEEP_NOTHING)
    pointer = struct.pack("HL", 1, ctypes.addressof(program))
    peer.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, pointer)


class Sipper:
    """Reads a little now and then, until the server has had enough of it."""

    def __init__(self, peer: socket.socket, *, bytes_a_second: int) -> None:
        self._peer = peer
        self._sip = bytes_a_second // 4
        self.ended = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with suppress(OSError):
            while self._peer.recv(self._sip):
                self.ended.wait(0.25)
        self.ended.set()

    def close(self) -> None:
        self.ended.set()
        self._peer.close()
