"""A proxy answers 502 while a side is started again, and real browsers see it."""

import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.faults.conftest import as_row
from tests.faults.oracle import Verdict
from tests.faults.stage import Stage
from tests.journeys.browser import DeskAgent, Look, Shopper
from tests.people import PASSWORD, Customer
from tests.processes import wait_until

pytestmark = [pytest.mark.faults, pytest.mark.browser]

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
COMES_BACK = 60_000  # ms: a browser's pauses grow to 30 s
LINES = [f"meanwhile {number}" for number in range(5)]

RecordProperty = Callable[[str, object], None]


@contextmanager
def bad_gateway(stage: Stage, side: str) -> Iterator[None]:
    """The side is killed and back before the block; its proxy says 502 until the block ends."""
    front = stage.front[side]
    try:
        front.answer(BAD_GATEWAY)
        front.reset()
        tried = front.accepted
        stage.platform.restart(side, signal.SIGKILL)
        yield
        wait_until(lambda: front.accepted >= tried + 2, what="two refused attempts", seconds=60)
    finally:
        front.heal()


def test_a_customers_browser_survives_a_proxys_502(
    stage: Stage, browser: Browser, record_property: RecordProperty
) -> None:
    ana = Shopper(browser, Look())
    ana.page.goto(f"http://127.0.0.1:{stage.front['chatbot'].port}/")
    before = stage.ledger.head()[1]
    ana.opens_the_chat()
    ana.asks_for_a_person()
    session = newest_session(stage, before)
    stage.agent.accepts(session).raise_for_status()
    agent_says(stage, session, "before")
    ana.hears("before")
    with bad_gateway(stage, "chatbot"):
        for line in LINES:
            agent_says(stage, session, line)
    shows_each_once(ana.chat.locator("#thread"), record_property, "the widget")
    ana.page.close()


def test_an_agents_browser_survives_a_proxys_502(
    stage: Stage, browser: Browser, record_property: RecordProperty
) -> None:
    ana = Customer(stage.platform)
    ana.asks_for_a_person()
    stage.agent.accepts(ana.session).raise_for_status()
    console = DeskAgent(browser, Look())
    console.logs_in_at(f"http://127.0.0.1:{stage.front['workbench'].port}", "agent1", PASSWORD)
    link = console.page.locator("#link-state")
    expect(link).to_have_attribute("data-state", "live", timeout=COMES_BACK)
    console.page.click("#view-mine")
    console.opens(ana.session)
    ana.says("before")
    console.hears("before")
    with bad_gateway(stage, "workbench"):
        expect(link).to_have_text("Connecting…", use_inner_text=True)
        for line in LINES:
            ana.says(line)
    expect(link).to_have_attribute("data-state", "live", timeout=COMES_BACK)
    shows_each_once(console.page.locator("#message-list"), record_property, "the console")
    console.says("after")
    console.page.close()
    ana.http.close()


def shows_each_once(thread: Locator, record_property: RecordProperty, where: str) -> None:
    thread.get_by_text(LINES[-1]).wait_for(timeout=COMES_BACK)
    shown = re.findall(r"meanwhile \d", thread.inner_text())
    once = list(dict.fromkeys(shown))
    verdict = Verdict(
        written=len(LINES),
        delivered=len(once),
        lost=len(LINES) - len(once),
        doubled=len(shown) - len(once),
        reordered=int(once != sorted(once)),
    )
    record_property("fault", as_row(f"a proxy's 502 and a restart, seen from {where}", verdict))
    assert shown == LINES


def newest_session(stage: Stage, after: int) -> str:
    rows = [row for row in stage.ledger.events() if row.offset > after]
    (name,) = {channel for row in rows for channel in row.channels if ":session:" in channel}
    return name.rpartition(":")[2]


def agent_says(stage: Stage, session: str, text: str) -> None:
    stage.agent.says(session, text, client_id=text.replace(" ", "-"))
