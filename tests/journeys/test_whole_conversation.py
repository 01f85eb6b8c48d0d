import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.browser import DeskAgent, Look, Shopper
from tests.people import PASSWORD
from tests.servers import Platform

pytestmark = pytest.mark.browser

LOOKS = [Look("en", "phone"), Look("zh-hans", "desktop")]
QUESTIONS = {"en": "How do I return an item?", "zh-hans": "怎么退货？"}


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_ask_be_answered_be_handed_over_talk_and_part(
    running: Platform, browser: Browser, look: Look
) -> None:
    ana, ben = Shopper(browser, look).comes_in(running), DeskAgent(browser, look)
    ben.logs_in(running, "agent1", PASSWORD)
    ana.sees("shop")
    ana.opens_the_chat()
    ana.sees("widget-welcome")

    ana.says(QUESTIONS[look.language])
    ana.chat.locator("#thread .message.ai .sources").first.wait_for()
    ana.sees("widget-answer")
    ana.asks_for_a_person()
    ana.sees("widget-waiting")

    row = ben.page.locator("[data-row][data-status=queued]").last
    row.wait_for()
    ben.sees("console-queue")
    session = row.get_attribute("data-row")
    assert session
    ben.opens(session)
    ben.hears(QUESTIONS[look.language])
    ben.sees("console-offer")
    ben.accepts()
    ben.says("你好 Ana 👋, I am here")
    ana.hears("你好 Ana 👋, I am here")
    ana.says("Thank you\nso much")
    ben.hears("so much")
    ana.sees("widget-agent")
    ben.sees("console-thread")

    ana.page.reload()
    ana.opens_the_chat()
    ana.hears("I am here")
    expect(ana.chat.locator("#thread").get_by_text("I am here")).to_have_count(1)

    ben.closes()
    ana.chat.locator("#over").wait_for()
    ana.sees("widget-closed")
    ben.sees("console-closed")
    assert ana.complaints == []
    assert ben.complaints == []
