"""On a slow line the console is on screen before its scripts are."""

import pytest
from playwright.sync_api import Browser, Route, expect

from chatplatform.management.demo import PASSWORD
from tests.journeys.browser import DeskAgent, Look, is_live
from tests.people import Customer
from tests.processes import wait_until
from tests.servers import Platform

pytestmark = pytest.mark.browser


def test_a_click_before_the_console_is_ready_counts(running: Platform, browser: Browser) -> None:
    customer = Customer(running)
    customer.asks_for_a_person()
    agent = DeskAgent(browser, Look()).logs_in(running, "agent1", PASSWORD)
    address = agent.page.locator(f"#row-{customer.session}").get_attribute("href")
    is_live(agent.page)
    on_its_way: list[Route] = []
    agent.page.route("**/actions.js", lambda route: on_its_way.append(route))
    agent.page.goto(f"{running.url('workbench')}{address}", wait_until="commit")
    agent.page.locator("#do-accept").click()
    wait_until(lambda: agent.page.title() and on_its_way, what="the scripts to be asked for")
    expect(agent.page.locator("#do-accept")).to_be_visible()
    assert customer.status() == "queued"
    on_its_way[0].continue_()
    agent.page.locator("#reply-text").wait_for()
    assert customer.status() == "active"
