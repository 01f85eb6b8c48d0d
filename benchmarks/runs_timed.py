"""Serves the customers' side as daphne does, with a probe in each event loop of the process.

    python -m benchmarks.runs_timed PORT FILE

Until it is stopped; then FILE holds how late each probe's every turn came, in milliseconds, by
loop, and the process' memory before and after, in bytes.
"""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import psutil
from daphne.cli import CommandLineInterface
from daphne.server import Server

from benchmarks.bystander import probe

port, file = sys.argv[1], Path(sys.argv[2])
late: dict[str, list[tuple[float, float]]] = {"daphne": [], "assistant": []}
memory: list[int] = []


def probe_daphne() -> None:
    run = Server.run

    def run_probed(self: Any) -> None:
        from twisted.internet import reactor  # daphne has chosen the one on asyncio

        loop: asyncio.AbstractEventLoop = reactor._asyncioEventloop
        self.probing = loop.create_task(probe(late["daphne"]))
        run(self)

    Server.run = run_probed


def probe_assistant() -> None:
    import django

    django.setup(set_prefix=False)
    from chatbot.assistant.runner import Runner

    run = Runner._run

    async def run_probed(self: Runner) -> None:
        probing = asyncio.create_task(probe(late["assistant"]))
        try:
            await run(self)
        finally:
            probing.cancel()

    Runner._run = run_probed  # type: ignore[method-assign]


probe_assistant()
probe_daphne()
memory.append(psutil.Process().memory_info().rss)
try:
    CommandLineInterface().run(["-p", port, "chatplatform.asgi:chatbot"])
finally:
    memory.append(psutil.Process().memory_info().rss)
    file.write_text(json.dumps({"late": late, "memory": memory}))
