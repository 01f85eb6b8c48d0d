"""A proxy answers 502 while a side is started again, and real browsers see it."""

import re
import signal
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.faults.conftest import as_row
from tests.faults.oracle import Verdict
from tests.faults.stage import Stage
from tests.journeys.browser import Look, Shopper
from tests.processes import wait_until

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
COMES_BACK = 60_000  # ms: a browser's pauses grow to 30 s
SAID = 5


@pytest.mark.faults
@pytest.mark.browser
def test_a_browser_survives_a_proxys_502(
    stage: Stage, browser: Browser, record_property: Callable[[str, object], None]
) -> None:
    front = stage.front["chatbot"]
    ana = Shopper(browser, Look())
    ana.page.goto(f"http://127.0.0.1:{front.port}/")
    before = stage.ledger.head()[1]
    ana.opens_the_chat()
    ana.asks_for_a_person()
    session = newest_session(stage, before)
    stage.agent.accepts(session).raise_for_status()
    agent_says(stage, session, "before")
    ana.hears("before")
    try:
        front.answer(BAD_GATEWAY)
        front.reset()
        tried = front.accepted
        stage.platform.restart("chatbot", signal.SIGKILL)
        for number in range(SAID):
            agent_says(stage, session, f"meanwhile {number}")
        wait_until(lambda: front.accepted >= tried + 2, what="two refused attempts", seconds=60)
    finally:
        front.heal()
    thread = ana.chat.locator("#thread")
    last = thread.get_by_text(f"meanwhile {SAID - 1}")
    last.wait_for(timeout=COMES_BACK)
    shown = re.findall(r"meanwhile \d", thread.inner_text())
    once = list(dict.fromkeys(shown))
    verdict = Verdict(
        written=SAID,
        delivered=len(once),
        lost=SAID - len(once),
        doubled=len(shown) - len(once),
        reordered=int(once != sorted(once)),
    )
    record_property("fault", as_row("a proxy's 502 and a restart, in a real browser", verdict))
    assert shown == [f"meanwhile {number}" for number in range(SAID)]


def newest_session(stage: Stage, after: int) -> str:
    rows = [row for row in stage.ledger.events() if row.offset > after]
    (name,) = {channel for row in rows for channel in row.channels if ":session:" in channel}
    return name.rpartition(":")[2]


def agent_says(stage: Stage, session: str, text: str) -> None:
    stage.agent.says(session, text, client_id=text.replace(" ", "-"))
