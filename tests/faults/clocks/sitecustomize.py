"""Whoever has this folder on PYTHONPATH keeps its wall clock as far ahead as the file says that
WALL_CLOCK names, in seconds, and changes it from one moment to the next.

libfaketime is no help here: it also meddles with the C library's waits, and those on the monotonic
clock come back late or with EINVAL (its issues 426 and 503), Python's own lock among them.
"""

import os
import threading
import time
from pathlib import Path

import time_machine

LOOKS_EVERY = 0.05  # s


def follow(file: Path) -> None:
    traveller = time_machine.travel(time.time()).start()
    while True:
        real = time_machine.escape_hatch.time.time()
        traveller.move_to(real + float(file.read_text()))
        time.sleep(LOOKS_EVERY)


threading.Thread(
    target=follow, args=[Path(os.environ["WALL_CLOCK"])], name="clock", daemon=True
).start()
