"""The AI gives up in the shop, and whoever takes over knows what it is about."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import DeskAgent, Look, Shopper
from tests.people import PASSWORD
from tests.servers import Platform

pytestmark = pytest.mark.browser

LOOKS = [Look(), Look("zh-hans", "phone")]
QUESTIONS = {
    "en": (
        "Do you sell whales? My order number is A-1001",
        "May I bring my cat aboard a zeppelin?",
    ),
    "zh-hans": ("你们卖鲸鱼吗？订单号 A-1001", "可以带猫坐飞艇吗？"),
}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_handoff_brings_its_brief(running: Platform, browser: Browser, look: Look) -> None:
    shopper = Shopper(browser, look).comes_in(running)
    shopper.opens_the_chat()
    first, second = QUESTIONS[look.language]
    shopper.says(first)
    expect(shopper.chat.locator("#thread .message.ai")).to_have_count(1)
    shopper.says(second)
    shopper.chat.locator("#queue").wait_for()
    notice = shopper.chat.locator("#thread .notice").last
    expect(notice).to_be_in_viewport()  # it says why, and she reads it without scrolling
    shopper.sees("handoff-notice")

    agent = DeskAgent(browser, look).logs_in(running, "agent1", PASSWORD)
    row = agent.page.locator("#rows [data-row]").first
    expect(row.locator("[data-trigger=unsure]")).to_be_visible()
    agent.opens(row.get_attribute("data-row") or "")
    brief = agent.page.locator("#brief details")
    if look.screen == "phone":
        expect(brief).not_to_have_attribute("open", "")  # the page's modules have closed it
        brief.locator("summary").click()
        expect(brief.locator(".brief-body")).to_be_visible()
    for part in ("A-1001", second):
        expect(brief.locator(".brief-body")).to_contain_text(part)
    agent.sees("brief-waiting")
    agent.accepts()
    reply = brief.locator("#suggested-reply").inner_text()
    if look.screen == "desktop":
        agent.page.locator("#reply-text").press("Escape")
        agent.page.keyboard.press("u")
    else:
        brief.locator("#use-reply").click()
    expect(agent.page.locator("#reply-text")).to_have_value(reply)
    agent.sees("brief-used")
    agent.page.locator("#send").click()
    shopper.hears(reply)
    assert agent.complaints == shopper.complaints == []
    agent.page.locator("#do-close").click()
    agent.page.locator("#confirm-close button[value=close]").click()
    expect(agent.page.locator("#brief details")).to_have_count(0)
