"""What the assistant does: demo orders in the browser, and an MCP server that nobody here wrote."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import DeskAgent, Look, Shopper
from tests.people import PASSWORD, Customer
from tests.processes import ROOT, Process, environment, free_port, wait_until
from tests.servers import Platform, platform

PEER = ROOT / "var" / "peers" / "mcp" / "bin"
LOOKS = [Look("en"), Look("zh-hans")]
ASKED = "What time is it in Shanghai?"


@pytest.fixture(scope="module")
def running(seeded: Path) -> Iterator[Platform]:
    """A platform whose operator allows tools on this machine."""
    with platform(seeded, variables=lambda *_: {"OUTBOUND_ALLOWED": "127.0.0.1"}) as it:
        yield it


@pytest.fixture
def clock(tmp_path: Path) -> Iterator["Clock"]:
    if not (PEER / "mcp-proxy").exists():
        pytest.skip("no MCP server of others is installed here: make var/peers/mcp/installed")
    clock = Clock(tmp_path)
    clock.start()
    yield clock
    clock.kill()


class Clock:
    """`mcp-server-time` behind `mcp-proxy`, as their authors publish them."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        self._process: Process | None = None

    def start(self) -> None:
        command = ["mcp-proxy", f"--port={self.port}", "--stateless", "--pass-environment"]
        served = [str(PEER / "mcp-server-time"), "--", "--local-timezone=UTC"]
        self._process = Process(
            [str(PEER / command[0]), *command[1:], served[0], *served[1:]],
            env=environment(self._folder),
            output=self._folder / "clock.log",
        )
        wait_until(lambda: _listens(self.port), what="the clock to listen")

    def stop_in_its_tracks(self) -> None:
        """It takes calls and answers none."""
        assert self._process
        psutil.Process(self._process.pid).send_signal(signal.SIGSTOP)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process = None


def _listens(port: int) -> bool:
    return any(
        each.laddr and each.laddr[1] == port and each.status == psutil.CONN_LISTEN
        for each in psutil.net_connections("tcp4")
    )


def answer_to(customer: Customer, text: str) -> str:
    asked = customer.says(text)["id"]

    def found() -> list[str]:
        return [
            each["text"]
            for each in customer.messages()
            if each["id"] > asked and each["author"]["kind"] == "ai"
        ]

    wait_until(found, what=f"an answer to {text}")
    return found()[0]


def test_a_strangers_mcp_server_is_added_used_and_survived(
    running: Platform, browser: Browser, clock: Clock
) -> None:
    admin = DeskAgent(browser, LOOKS[0]).logs_in(running, "admin", PASSWORD)
    page = admin.page
    page.goto(f"{running.url('workbench')}/admin/tools/toolserver/add/")
    if page.locator("#id_tenant").count():
        page.locator("#id_tenant").select_option(label="Morrow")
    page.locator("#id_kind").select_option("mcp")
    page.locator("#id_name").fill("Clock")
    page.locator("#id_url").fill(clock.url)
    page.locator("#id_timeout").fill("3")
    page.locator("[name=_save]").click()

    def listed() -> bool:
        page.goto(f"{running.url('workbench')}/admin/tools/tool/?q=get_current_time")
        return page.get_by_role("link", name="get_current_time").count() > 0

    wait_until(listed, seconds=40, what="the clock's tools to be fetched")
    page.get_by_role("link", name="get_current_time").click()
    page.locator("#id_enabled").click()
    page.locator("#id_risk").select_option("read")
    page.locator("#id_wordings").fill(ASKED)
    page.locator("#id_answers").fill('{"en": "In Shanghai it is {datetime}."}')
    page.locator("#id_identity").fill("argument timezone = Asia/Shanghai")
    admin.sees("tool")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/admin/tools/tool/**")

    customer = Customer(running)
    assert re.search(r"In Shanghai it is \d{4}-\d\d-\d\dT.*\+08:00", answer_to(customer, ASKED))

    clock.stop_in_its_tracks()  # and dies with the call in its hands
    asked = customer.says(ASKED)["id"]
    wait_until(lambda: _connected(clock.port), what="the call to reach the clock")
    clock.kill()
    wait_until(
        lambda: [
            each
            for each in customer.messages()
            if each["id"] > asked and each["author"]["kind"] == "ai"
        ],
        what="an answer all the same",
    )
    assert "In Shanghai" not in customer.messages()[-1]["text"]

    clock.start()
    assert "In Shanghai it is" in answer_to(Customer(running), ASKED)
    page.goto(f"{running.url('workbench')}/admin/tools/toolcall/")
    admin.sees("tool-calls")
    assert page.get_by_text("get_current_time").count() >= 3


def _connected(port: int) -> bool:
    return any(
        each.raddr and each.raddr[1] == port and each.status == psutil.CONN_ESTABLISHED
        for each in psutil.net_connections("tcp4")
    )


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_customer_confirms_and_an_agent_approves(
    running: Platform, browser: Browser, look: Look
) -> None:
    shopper = Shopper(browser, look).comes_in(running)
    shopper.opens_the_chat()
    shopper.says("Where is my order 10001?")
    shopper.hears("10001 (")
    shopper.says("Send order 10002 to another address")
    shopper.chat.locator("#thread .message.ai").nth(1).wait_for()
    shopper.says(f"77 Long Street, Shanghai ({look.language})")
    yes = shopper.chat.locator(".confirmation .chip.yes")
    yes.wait_for()
    shopper.sees("confirmation")
    yes.click()
    shopper.chat.locator("#thread .notice").nth(1).wait_for()
    expect(shopper.chat.locator(".confirmation")).to_have_count(0)

    agent = DeskAgent(browser, look).logs_in(running, "agent1", PASSWORD)
    number = {"en": "10003", "zh-hans": "10001"}[look.language]
    shopper.says(f"I want my money back for order {number}")
    agent.page.locator("#view-approvals .count.loud").wait_for()
    agent.sees("approval-told")
    agent.page.keyboard.press("p")  # nothing is open: to the list
    agent.page.keyboard.press("j")  # to its first, even if it is still on its way
    agent.page.locator("#rows [href*='view=approvals']:focus .why.approval").wait_for()
    agent.sees("approval-list")
    agent.page.keyboard.press("Enter")
    agent.page.locator("[data-approve]").wait_for()
    agent.sees("approval")
    agent.page.keyboard.press("p")
    expect(agent.page.locator("[data-approve]")).to_be_focused()
    agent.page.keyboard.press("Enter")
    agent.page.locator(".call[data-status=ok] >> nth=2").wait_for()
    agent.sees("approved")
    shopper.chat.locator("#thread .notice").nth(3).wait_for()
    shopper.sees("refunded")
    assert shopper.complaints == []
    assert agent.complaints == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_administration_of_tools_is_readable(
    running: Platform, browser: Browser, look: Look
) -> None:
    admin = DeskAgent(browser, look).logs_in(running, "admin", PASSWORD)
    page = admin.page
    for name in ("toolserver", "tool", "toolcall", "demoorder"):
        page.goto(f"{running.url('workbench')}/admin/tools/{name}/")
        admin.sees(f"admin-{name}")
        page.locator("#result_list th a").first.click() if name != "toolcall" else None
        admin.sees(f"admin-{name}-change")
    page.goto(f"{running.url('workbench')}/admin/tools/toolserver/add/")
    admin.sees("admin-toolserver-add")
    page.goto(f"{running.url('workbench')}/admin/tools/tool/?q=order_status")
    page.get_by_role("link", name="order_status").click()
    page.locator("a[href*='dry-run']").first.click()
    page.locator("#id_arguments").fill('{"order_number": "10001"}')
    page.locator("#dry-run button[type=submit]").click()
    page.locator("pre.readable").wait_for()
    admin.sees("admin-dry-run")
    assert admin.complaints == []
