"""One launcher per DATA_DIR."""

import fcntl
import os
from pathlib import Path
from typing import TextIO


class AlreadyRunning(Exception):
    """Another launcher serves this DATA_DIR; the message is for the person at the terminal."""


def take_possession(data_dir: Path) -> TextIO:
    """Keep the returned file open while we run; if we are killed, the kernel lets go of it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = (data_dir / "launcher.pid").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read().strip() or "?"
        file.close()
        raise AlreadyRunning(
            f"runplatform (process {holder}) already serves {data_dir}: "
            "stop it, or give this one another DATA_DIR"
        ) from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file
