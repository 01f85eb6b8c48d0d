import socket

import pytest

from chatplatform.launcher.sockets import CannotListen, listening_socket
from realtime.listening import SILENT_PEER_MS


def test_an_accepted_connection_inherits_what_notices_a_dead_peer() -> None:
    with (
        listening_socket("127.0.0.1", 0, option="--port") as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            patience = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            assert patience == SILENT_PEER_MS


def test_a_taken_port_is_named_together_with_the_option_that_changes_it() -> None:
    with listening_socket("127.0.0.1", 0, option="--port") as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=rf"port {port} is in use.*--chatbot-port"):
            listening_socket("127.0.0.1", port, option="--chatbot-port")


def test_a_foreign_address_is_refused_by_name() -> None:
    with pytest.raises(CannotListen, match=r"192\.0\.2\.1 is no address of this machine"):
        listening_socket("192.0.2.1", 0, option="--port")
