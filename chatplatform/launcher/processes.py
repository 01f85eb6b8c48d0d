"""The processes that make up the platform on one machine."""

import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from chatplatform import env
from chatplatform.launcher.child import Child
from chatplatform.launcher.valkey import embedded_valkey


def daphne(name: str, listener: socket.socket, *, variables: Mapping[str, str]) -> Child:
    """The `name` half of the platform, accepting from a socket that we keep open for it."""
    return Child(
        name,
        [
            *(sys.executable, "-m", "daphne", "--verbosity", "0"),
            *("--fd", str(listener.fileno()), f"chatplatform.asgi:{name}"),
        ],
        environment=env.for_child(**variables),
        inherits=[listener.fileno()],
        cwd=str(env.BASE_DIR),
    )


def valkey(socket_path: Path, data_dir: Path) -> Child | None:
    """The embedded Redis-protocol server, or None where there is none to start."""
    command = embedded_valkey(socket_path, data_dir)
    if command is None:
        return None
    return Child("valkey", command, environment=env.for_child(), cwd=str(data_dir))
