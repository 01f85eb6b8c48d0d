"""What the lane stands on, held against the real daphne: fails loudly if its insides change."""

import urllib.request

from tests.journeys.conversation import under_way
from tests.processes import wait_until
from tests.servers import Platform

LANES = 'realtime_connections{transport="sse",way="lane"}'


def metric(running: Platform, side: str, line: str) -> float:
    with urllib.request.urlopen(f"{running.url(side)}/metrics") as answer:  # noqa: S310 - loopback
        text = answer.read().decode()
    values = [row.rpartition(" ")[2] for row in text.splitlines() if row.startswith(line)]
    return float(values[0]) if values else 0.0


def test_a_stream_on_daphne_goes_down_the_lane(running: Platform) -> None:
    with under_way(running) as talk:
        for side in ("chatbot", "workbench"):
            wait_until(lambda side=side: metric(running, side, LANES) == 1, what="a lane")
        talk.goes_on(turns=5)
        talk.everyone_has_everything()
