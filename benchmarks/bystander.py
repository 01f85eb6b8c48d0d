"""An event loop with nothing to do: how late its turns come is the machine's doing, not ours.

    python -m benchmarks.bystander FILE

Until it is stopped; then FILE holds [[monotonic seconds, milliseconds too late], ...].
"""

import asyncio
import json
import signal
import sys
import time
from pathlib import Path

TURN = 0.005  # seconds


async def probe(late: list[tuple[float, float]]) -> None:
    """How much later than asked for each turn comes, with the time it came at."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(TURN)
        late.append((time.monotonic(), (time.perf_counter() - began - TURN) * 1000))


async def _until_stopped(late: list[tuple[float, float]]) -> None:
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    probing = asyncio.create_task(probe(late))
    await stopped.wait()
    probing.cancel()


if __name__ == "__main__":
    turns: list[tuple[float, float]] = []
    asyncio.run(_until_stopped(turns))
    Path(sys.argv[1]).write_text(json.dumps(turns))
