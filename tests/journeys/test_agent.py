"""An agent's day at the console, in a real browser against the real processes."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from chatplatform.management.demo import PASSWORD
from tests.journeys.browser import DeskAgent, Look, is_live
from tests.people import Agent, Customer
from tests.servers import Platform

pytestmark = pytest.mark.browser


class Desk(DeskAgent):
    """An agent whose console is live, in as many tabs as she likes."""

    def __init__(self, browser: Browser, running: Platform, username: str, look: Look) -> None:
        super().__init__(browser, look)
        self.logs_in(running, username, PASSWORD)
        is_live(self.page)

    @property
    def faults(self) -> list[str]:
        """What our scripts did wrong; requests that a test breaks on purpose are no fault."""
        return [each for each in self.complaints if "Failed to load resource" not in each]

    def new_tab(self) -> Page:
        page = self.page.context.new_page()
        page.goto(self.page.url)
        is_live(page)
        return page

    def thread_of(self, session: str, view: str = "queue") -> Locator:
        """Open a conversation from one of the lists."""
        self.page.click(f"#view-{view}")
        self.opens(session)
        return self.page.locator("#conversation")


Desks = Callable[..., Desk]


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def desks(browser: Browser, running: Platform) -> Iterator[Desks]:
    """`desks("agent1")` signs in; nothing may fail in any of these browsers unnoticed."""
    made: list[Desk] = []

    def desk(username: str, screen: str = "desktop") -> Desk:
        made.append(Desk(browser, running, username, Look(screen=screen)))
        return made[-1]

    yield desk
    for one in made:
        one.page.context.close()
    assert [fault for one in made for fault in one.faults] == []


@pytest.fixture
def waiting(running: Platform) -> Iterator[Customer]:
    """Ana waits for a person."""
    customer = Customer(running, name="Ana Lindqvist")
    customer.says("My parcel is lost")
    customer.asks_for_a_person("parcel")
    yield customer
    customer.http.post(customer.path("/close"))


def serve(running: Platform, customer: Customer, username: str = "agent1") -> None:
    Agent(running, username).accepts(customer.session).raise_for_status()


def test_a_customer_is_served_from_the_queue_to_the_end_by_keyboard(
    desks: Desks, running: Platform
) -> None:
    desk = desks("agent1")
    page = desk.page
    customer = Customer(running, name="王小明")
    customer.says("我的订单在哪里？")
    customer.asks_for_a_person()
    row = page.locator(f"#row-{customer.session}")
    expect(row).to_contain_text("王小明")  # nobody refreshed anything
    expect(page).to_have_title(re.compile(r"^\(\d+\) "))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#message-list")).to_contain_text("我的订单在哪里？")
    page.keyboard.press("a")
    expect(page.locator("#reply-text")).to_be_focused()
    expect(row).to_have_count(0)
    page.keyboard.type("您好！")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("马上查。")
    page.keyboard.press("Enter")
    expect(page.locator(".message.ours .bubble").last).to_have_text("您好！\n马上查。")
    expect(page.locator("#reply-text")).to_have_value("")
    assert [m["text"] for m in customer.messages() if m["author"]["kind"] == "agent"] == [
        "您好！\n马上查。"
    ]
    customer.says("谢谢 🙏")
    expect(page.locator(".message .bubble").last).to_have_text("谢谢 🙏")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.keyboard.press("Enter")  # yes, close it
    expect(page.locator("#thread-state")).to_have_attribute("data-status", "resolved")
    assert customer.status() == "resolved"


def test_every_tab_and_every_colleague_sees_the_same(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    mine, hers = desks("agent1"), desks("agent2")
    second = mine.new_tab()
    for page in (mine.page, second, hers.page):
        expect(page.locator(f"#row-{waiting.session}")).to_be_visible()
    mine.page.bring_to_front()
    mine.thread_of(waiting.session).locator("#do-accept").click()
    for page in (mine.page, second, hers.page):
        expect(page.locator(f"#row-{waiting.session}")).to_have_count(0)
    second.click("#view-mine")
    expect(second.locator(f"#row-{waiting.session}")).to_be_visible()
    expect(second.locator(f"#row-{waiting.session} .count.unread")).to_have_count(0)
    hers.page.click("#view-all")
    expect(hers.page.locator(f"#row-{waiting.session} .owner")).to_contain_text("Alice")


def test_the_slower_of_two_sees_who_was_faster(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    slow = desks("agent2")
    thread = slow.thread_of(waiting.session)
    slow.page.route("**/state/**", lambda route: route.abort())  # she has not heard of it yet
    serve(running, waiting, "agent1")
    thread.locator("#do-accept").click()
    expect(slow.page.locator("#notices")).to_contain_text("Alice was faster")
    slow.page.unroute("**/state/**")
    expect(thread.locator("#composer")).to_contain_text("Alice is serving this customer")


def test_what_is_unread_is_counted_until_it_is_looked_at_anywhere(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    serve(running, waiting)
    desk = desks("agent1")
    second = desk.new_tab()
    waiting.says("Hello?")
    waiting.says("Anybody there?")
    for page in (desk.page, second):
        page.click("#view-mine")
        expect(page.locator(f"#row-{waiting.session} .count.unread")).to_contain_text("3")
    desk.page.bring_to_front()
    desk.thread_of(waiting.session, "mine")
    for page in (desk.page, second):
        expect(page.locator(f"#row-{waiting.session} .count.unread")).to_have_count(0)


def test_a_failed_send_keeps_the_text_and_a_retry_never_doubles(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    serve(running, waiting)
    desk = desks("agent1")
    thread = desk.thread_of(waiting.session, "mine")
    box, error = thread.locator("#reply-text"), thread.locator("#reply-error")

    def arrives_but_the_answer_is_lost(route: Route) -> None:
        route.fetch()
        route.abort()

    desk.page.route("**/api/v1/sessions/*/messages", arrives_but_the_answer_is_lost)
    box.fill("It is on its way.")
    box.press("Enter")
    expect(error).to_contain_text("Not sent")
    expect(box).to_have_value("It is on its way.")
    desk.page.unroute("**/api/v1/sessions/*/messages")
    error.get_by_role("button").click()
    expect(box).to_have_value("")
    expect(error).to_be_hidden()
    said = [m["text"] for m in waiting.messages() if m["author"]["kind"] == "agent"]
    assert said == ["It is on its way."]
    expect(thread.locator(".by-agent .bubble")).to_have_text(["It is on its way."])


def test_enter_that_picks_a_word_sends_nothing(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    serve(running, waiting)
    desk = desks("agent1")
    box = desk.thread_of(waiting.session, "mine").locator("#reply-text")
    box.fill("ni hao")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    box.press("Control+Enter")
    expect(box).to_have_value("")
    assert len([m for m in waiting.messages() if m["author"]["kind"] == "agent"]) == 1


def test_what_is_being_written_stays_with_its_conversation(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    other = Customer(running, name="Ada")
    other.asks_for_a_person()
    serve(running, waiting)
    serve(running, other)
    desk = desks("agent1")
    desk.thread_of(waiting.session, "mine").locator("#reply-text").fill("Dear Ana")
    desk.thread_of(other.session, "mine").locator("#reply-text").fill("Dear Ada")
    box = desk.thread_of(waiting.session, "mine").locator("#reply-text")
    expect(box).to_have_value("Dear Ana")
    waiting.says("Are you writing?")
    expect(desk.page.locator(".message .bubble").last).to_have_text("Are you writing?")
    expect(box).to_have_value("Dear Ana")
    desk.page.reload()
    expect(box).to_have_value("Dear Ana")
    other.http.post(other.path("/close"))


def test_an_answer_being_written_survives_what_happens_around_it(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    serve(running, waiting)
    desk = desks("agent1")
    box = desk.thread_of(waiting.session, "mine").locator("#reply-text")
    box.fill("Half a sen")
    Agent(running).http.post(waiting.path("/return-to-ai")).raise_for_status()
    expect(desk.page.locator("#composer")).to_contain_text("The AI is answering")
    waiting.asks_for_a_person()
    desk.page.locator("#do-accept").click()
    expect(box).to_have_value("Half a sen")


def test_the_console_says_when_redis_is_down_and_when_it_is_well_again(
    desks: Desks, running: Platform
) -> None:
    desk = desks("agent1")
    banner = desk.page.locator("#health-banner")
    expect(banner).to_be_hidden()
    running.broker.kill()
    expect(banner).to_contain_text("Redis is down: still delivering", timeout=30_000)
    customer = Customer(running, name="In the dark")
    customer.asks_for_a_person()
    expect(desk.page.locator(f"#row-{customer.session}")).to_be_visible()
    running.broker.start()
    expect(banner).to_contain_text("well again", timeout=30_000)
    expect(banner).to_be_hidden(timeout=15_000)
    customer.http.post(customer.path("/close"))


def test_on_a_phone_one_pane_at_a_time(desks: Desks, waiting: Customer) -> None:
    desk = desks("agent1", screen="phone")
    page = desk.page
    row = page.locator(f"#row-{waiting.session}")
    row.click()
    expect(page.locator("#message-list")).to_be_visible()
    expect(row).to_be_hidden()
    page.click("#back-to-list")
    expect(row).to_be_visible()
    expect(page.locator("#message-list")).to_have_count(0)
    page.go_back()
    expect(page.locator("#message-list")).to_be_visible()
    assert page.evaluate(OVERFLOW) == 0


def test_all_views_there_are_fit_on_a_phone(desks: Desks) -> None:
    page = desks("admin", screen="phone").page
    expect(page.locator(".view")).to_have_count(5)
    assert page.evaluate(OVERFLOW) == 0


def test_someone_signed_out_elsewhere_is_led_to_the_login(desks: Desks, waiting: Customer) -> None:
    desk = desks("agent1")
    second = desk.new_tab()
    second.click("#account summary")
    second.locator("#account form[action*=logout] button").click()
    desk.page.bring_to_front()
    desk.page.click(f"#row-{waiting.session}")
    expect(desk.page.locator("#id_login")).to_be_visible()


def test_the_sound_is_on_after_a_click_and_stays_off_once_switched_off(desks: Desks) -> None:
    page = desks("agent1").page
    sound = page.locator("[data-switch=sound]")
    page.locator("#inbox").click()  # browsers keep silent until somebody does something
    expect(sound).to_have_attribute("data-state", "on")
    sound.click()
    expect(sound).to_have_attribute("data-state", "off")
    page.reload()
    page.locator("#inbox").click()
    expect(sound).to_have_attribute("data-state", "off")


def test_the_console_speaks_chinese_to_who_chose_it(desks: Desks) -> None:
    desk = desks("agent2")
    desk.page.click("#account summary")
    desk.page.click("#account button[value=zh-hans]")
    expect(desk.page.locator("html")).to_have_attribute("lang", "zh-hans")
    desk.page.click("#account summary")
    desk.page.click("#account button[value=en]")
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")


def test_reading_further_up_is_not_disturbed_by_what_comes_in(
    desks: Desks, running: Platform, waiting: Customer
) -> None:
    serve(running, waiting)
    for number in range(30):
        waiting.says(f"Line {number}\nof a long story")
    desk = desks("agent1")
    thread = desk.thread_of(waiting.session, "mine")
    unread = desk.page.locator(f"#row-{waiting.session} .count.unread")
    expect(unread).to_have_count(0)
    thread.locator("#messages").evaluate("box => box.scrollTop = 0")
    waiting.says("The end")
    expect(thread.locator("#to-latest button")).to_be_visible()
    expect(unread).to_contain_text("1")
    assert thread.locator("#messages").evaluate("box => box.scrollTop") == 0
    thread.locator("#to-latest button").click()
    expect(thread.locator(".message .bubble").last).to_be_in_viewport()
    expect(unread).to_have_count(0)
