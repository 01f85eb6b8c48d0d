"""A customer's day at the widget, in a real browser against the real processes."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.browser import Look, Shopper
from tests.people import Agent, Customer
from tests.servers import Platform

pytestmark = pytest.mark.browser

MESSAGES = "**/api/v1/sessions/*/messages"
EVENTS = re.compile(r"/api/v1/sessions/[^/]+/events")


class Visitor(Shopper):
    """Someone in the shop who can look at what she wrote and heard."""

    def bubbles(self, kind: str) -> list[str]:
        return self.chat.locator(f".message.{kind} .words").all_inner_texts()

    def is_delivered(self) -> None:
        delivery = self.chat.locator(".message.customer .delivery").last
        expect(delivery).to_have_attribute("title", "Delivered")

    @property
    def session(self) -> str:
        """The name of her session, from what her browser remembers."""
        frame = next(frame for frame in self.page.frames if "/widget/demo/" in frame.url)
        remembered: str = frame.evaluate(
            "JSON.parse(localStorage['chatplatform.widget.demo.session']).session_name"
        )
        return remembered


@pytest.fixture
def ana(running: Platform, browser: Browser) -> Visitor:
    """Ana has the chat open and has written nothing yet."""
    visitor = Visitor(browser, Look())
    visitor.comes_in(running)
    visitor.opens_the_chat()
    return visitor


@pytest.fixture
def served(running: Platform, ana: Visitor) -> Iterator[tuple[Visitor, Callable[[str], Any]]]:
    """Ana and an agent who has her; the second is what the agent says."""
    ana.asks_for_a_person()
    agent, session = Agent(running), ana.session
    agent.accepts(session).raise_for_status()
    expect(ana.chat.locator("#chat")).to_have_attribute("data-status", "active")
    yield ana, lambda text: agent.says(session, text)
    agent.closes(session)


def test_an_answer_shows_the_passage_it_stands_on(ana: Visitor) -> None:
    ana.says("How do I return an item?")
    source = ana.chat.locator(".message.ai .sources").first
    source.locator("summary").click()
    expect(source.locator("blockquote")).to_contain_text("15 days")
    with ana.page.context.expect_page() as article:
        source.get_by_role("link").click()
    expect(article.value.get_by_role("heading", level=1)).to_have_text("How do I return an item?")
    assert ana.complaints == []


def test_what_is_written_without_network_is_kept_and_sent_once(
    served: tuple[Visitor, Callable[[str], Any]],
) -> None:
    ana, agent_says = served
    ana.page.context.set_offline(True)
    expect(ana.chat.locator("#connection")).to_have_attribute("data-mood", "bad")
    ana.chat.locator("#text").fill("Written in a tunnel")
    ana.chat.locator("#text").press("Enter")
    expect(ana.chat.locator(".message.customer .late")).to_be_visible()
    agent_says("Are you still there?")
    ana.page.context.set_offline(False)
    ana.hears("Are you still there?")
    ana.is_delivered()
    assert ana.bubbles("customer") == ["Written in a tunnel"]
    assert ana.bubbles("agent") == ["Are you still there?"]


def test_what_is_on_its_way_survives_a_reload(ana: Visitor) -> None:
    ana.says("First")
    ana.is_delivered()
    ana.page.context.route(MESSAGES, lambda route: route.abort())
    ana.says("Second")
    expect(ana.chat.locator(".message.customer .late")).to_be_visible()
    ana.page.context.unroute(MESSAGES)
    ana.page.reload()
    ana.opens_the_chat()
    ana.is_delivered()
    assert ana.bubbles("customer") == ["First", "Second"]


def test_a_lost_answer_does_not_double_the_message(running: Platform, ana: Visitor) -> None:
    ana.says("First")
    ana.is_delivered()

    def arrives_but_the_answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    ana.page.context.route(MESSAGES, arrives_but_the_answer_is_lost, times=1)
    ana.says("Only once")
    ana.is_delivered()
    assert ana.bubbles("customer") == ["First", "Only once"]
    ana.page.reload()
    ana.opens_the_chat()
    ana.hears("Only once")
    assert ana.bubbles("customer") == ["First", "Only once"]


def test_a_restart_of_the_chatbot_is_not_noticed(
    running: Platform, served: tuple[Visitor, Callable[[str], Any]]
) -> None:
    ana, agent_says = served
    agent_says("Before")
    ana.hears("Before")
    running.restart("chatbot")
    agent_says("After")
    ana.hears("After")
    ana.says("Thank you")
    ana.is_delivered()
    assert ana.bubbles("agent") == ["Before", "After"]


def test_two_tabs_share_one_stream_and_show_the_same(
    running: Platform, served: tuple[Visitor, Callable[[str], Any]]
) -> None:
    ana, agent_says = served
    streams: list[str] = []
    second: Page = ana.page.context.new_page()
    second.on("request", lambda request: streams.extend(EVENTS.findall(request.url)))
    second.goto(running.url("chatbot"))
    chat = second.frame_locator("iframe[src*='/widget/']")
    expect(chat.locator("#who")).to_have_text("Alice")
    agent_says("To both of you")
    expect(chat.locator(".message.agent .words")).to_have_text(["To both of you"])
    ana.hears("To both of you")
    assert streams == []
    ana.page.close()  # the tab that held the stream
    agent_says("To the one who stayed")
    expect(chat.locator(".message.agent .words").last).to_have_text("To the one who stayed")
    expect(chat.locator(".message.agent .words")).to_have_count(2)


def test_who_waits_sees_her_place_move_and_may_stop_waiting(
    running: Platform, ana: Visitor
) -> None:
    ahead = Customer(running, name="Early")
    ahead.asks_for_a_person()
    ana.asks_for_a_person()
    place = ana.chat.locator("#queue-place")
    expect(place).not_to_have_text(re.compile("^(1|…)$"))
    before = int(place.inner_text())
    ahead.http.post(ahead.path("/cancel-transfer"), json={}).raise_for_status()
    expect(place).to_have_text(str(before - 1))
    ana.chat.locator("#person").click()
    expect(ana.chat.locator("#queue")).to_be_hidden()
    expect(ana.chat.locator("#chat")).to_have_attribute("data-status", "ai_active")


def test_enter_that_picks_a_character_sends_nothing(ana: Visitor) -> None:
    field = ana.chat.locator("#text")
    field.fill("ni hao")
    field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    field.press("Shift+Enter")
    field.press_sequentially("second line")
    expect(ana.chat.locator(".message")).to_have_count(0)
    field.press("Enter")
    ana.is_delivered()
    assert ana.bubbles("customer") == ["ni hao\nsecond line"]


def test_ten_thousand_characters_go_and_one_more_does_not(ana: Visitor) -> None:
    field, send = ana.chat.locator("#text"), ana.chat.locator("#send")
    field.fill("你👋" * 5_000 + "!")
    expect(send).to_be_disabled()
    expect(ana.chat.locator("#counter")).to_have_attribute("data-over", "true")
    field.press("Backspace")
    send.click()
    ana.is_delivered()
    assert ana.bubbles("customer") == ["你👋" * 5_000]


def test_markup_is_only_text(ana: Visitor) -> None:
    text = "<img src=x onerror=alert(1)> javascript:alert(1) & <b>bold</b>"
    ana.says(text)
    ana.is_delivered()
    assert ana.bubbles("customer") == [text]
    expect(ana.chat.locator(".message.customer").locator("img, b, a")).to_have_count(0)


def test_a_closed_session_goes_on_in_a_new_one(ana: Visitor) -> None:
    ana.says("An old matter")
    ana.is_delivered()
    problem = {"title": "Closed", "status": 409, "code": "session_closed"}
    ana.page.context.route(MESSAGES, lambda route: route.fulfill(status=409, json=problem), times=1)
    first = ana.session
    ana.says("A new matter")
    ana.is_delivered()
    expect(ana.chat.locator("#anew-note")).to_be_visible()
    assert ana.bubbles("customer") == ["A new matter"]
    assert ana.session != first


def test_by_keyboard_in_and_out_and_what_came_meanwhile_is_counted(
    served: tuple[Visitor, Callable[[str], Any]],
) -> None:
    ana, agent_says = served
    launcher = ana.page.locator("button.launcher")
    ana.chat.locator("#text").press("Escape")
    expect(launcher).to_be_focused()
    expect(ana.page.locator(".panel")).to_be_hidden()
    agent_says("Psst")
    agent_says("Over here")
    expect(ana.page.locator(".badge")).to_have_text("2")
    expect(launcher).to_have_attribute("aria-label", re.compile("2"))
    launcher.press("Enter")
    expect(ana.chat.locator("#text")).to_be_focused()
    expect(ana.page.locator(".badge")).to_have_text("")


def test_each_message_is_announced_once_and_history_never(
    served: tuple[Visitor, Callable[[str], Any]],
) -> None:
    ana, agent_says = served
    agent_says("Hello Ana")
    spoken = ana.chat.locator("#announcer p")
    expect(spoken.filter(has_text="Hello Ana")).to_have_count(1)
    ana.page.reload()
    ana.opens_the_chat()
    ana.hears("Hello Ana")
    agent_says("Again")
    expect(spoken.filter(has_text="Again")).to_have_count(1)
    expect(spoken).to_have_count(1)


def test_the_reader_chooses_the_language_and_keeps_it(ana: Visitor) -> None:
    ana.says("hello")
    ana.is_delivered()
    ana.chat.locator("#menu-button").click()
    ana.chat.locator("[data-language=zh-hans]").click()
    expect(ana.chat.locator("html")).to_have_attribute("lang", "zh-hans")
    ana.hears("hello")
    ana.page.reload()
    ana.opens_the_chat()
    expect(ana.chat.locator("html")).to_have_attribute("lang", "zh-hans")


@contextmanager
def site(page: str, policy: str) -> Iterator[str]:
    """Somebody's website on this machine: one page under a Content-Security-Policy."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_strict_site_elsewhere_can_embed_the_chat(running: Platform, browser: Browser) -> None:
    origin = running.url("chatbot")
    tag = f'<script src="{origin}/widget.js" data-tenant="demo" data-position="left" async>'
    policy = f"default-src 'none'; img-src data:; script-src {origin}; frame-src {origin}"
    page = browser.new_page(locale="en-US")
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    with site(
        f"<!doctype html><link rel=icon href=data:,><h1>Site</h1>{tag}</script>", policy
    ) as url:
        page.goto(url)
        page.locator("button.launcher").click()
        chat = page.frame_locator("iframe[src*='/widget/']")
        expect(chat.locator("#person")).not_to_be_empty()
        chat.locator("#person").click()
        expect(chat.locator("#queue")).to_be_visible()
        box = page.locator(".panel").bounding_box()
    assert box
    assert box["x"] < 100  # on the left, so its styles were applied
    assert refused == []
