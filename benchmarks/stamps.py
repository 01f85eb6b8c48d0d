"""The mark that every measured event carries, so that a reader needs no parser to find it.

`~` occurs once in an event and nowhere else, and 16 digits follow: when the event was to be sent,
in microseconds of CLOCK_MONOTONIC, which all processes of one machine share.
"""

import json
import time

MARK, DIGITS = b"~", 16
FILLER = "x" * 160  # with its envelope an event is some 300 bytes, as a short message is


def now() -> int:
    """Microseconds."""
    return time.monotonic_ns() // 1000


def payload(at: int) -> dict[str, str]:
    """What is published; `at` in microseconds."""
    return {"session_name": "benchmark", "text": f"{MARK.decode()}{at:0{DIGITS}d}{FILLER}"}


def envelope(at: int) -> str:
    """The same as the wire carries it, for contestants that send any text."""
    body = {"type": "benchmark", "payload": payload(at), "timestamp": time.time(), "source": "peer"}
    return json.dumps(body, separators=(",", ":"))
