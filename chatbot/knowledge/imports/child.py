"""Has a file read by another process, and gives up on it in time."""

import json
import subprocess
import sys
from collections.abc import Callable

from django.conf import settings

from chatbot.knowledge.imports.documents import Fault, Findings

LONGEST = 60.0  # seconds for one file
PATIENCE = 5.0  # seconds between two signs of life


def read_apart(
    kind: str,
    name: str,
    data: bytes,
    *,
    charset: str = "",
    still_waiting: Callable[[], object] = lambda: None,
    longest: float = LONGEST,
) -> Findings:
    """What the file holds; `still_waiting` is called every few seconds, and may raise to stop it.

    A process that takes too long or dies is one fault.
    """
    command = [sys.executable, "-m", "chatbot.knowledge.imports.reading", kind, name, charset]
    with subprocess.Popen(  # noqa: S603 - our own module; names are arguments, no shell reads them
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env={"PYTHONUTF8": "1"},  # none of our secrets
    ) as process:
        try:
            told = _wait(process, data, still_waiting, longest)
        finally:
            process.kill()
    if told is None:
        return Findings(faults=[Fault("", "too_slow", {"seconds": round(longest)})])
    try:
        return Findings.of_json(json.loads(told))
    except ValueError:
        return Findings(faults=[Fault("", "broken")])


def _wait(
    process: "subprocess.Popen[bytes]",
    data: bytes,
    still_waiting: Callable[[], object],
    longest: float,
) -> bytes | None:
    waited = 0.0
    while waited < longest:
        try:
            return process.communicate(data, timeout=min(PATIENCE, longest))[0]
        except subprocess.TimeoutExpired:
            waited += PATIENCE
            still_waiting()
    return None
