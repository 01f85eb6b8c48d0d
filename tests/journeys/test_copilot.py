"""An agent and her copilot, by keyboard, in a real browser: with a language model, and without."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from chatplatform.management.demo import PASSWORD
from tests.journeys.browser import DeskAgent, Look, is_live
from tests.model_server import ModelServer, model_server
from tests.people import Agent, Customer
from tests.processes import wait_until
from tests.servers import Platform, platform

pytestmark = pytest.mark.browser

QUESTION = "How long does delivery take?"
DRAFT = "Two to four working days, dear customer."


@pytest.fixture(scope="module")
def model() -> Iterator[ModelServer]:
    with model_server() as server:
        yield server


@pytest.fixture(scope="module")
def with_model(seeded: Path, model: ModelServer) -> Iterator[Platform]:
    variables = {"ASSISTANT_BASE_URL": model.url, "ASSISTANT_MODEL": "test"}
    with platform(seeded, variables=lambda broker, port: variables) as running:
        yield running


@contextmanager
def served(browser: Browser, running: Platform) -> Iterator[tuple[Page, Customer]]:
    """A customer's question, open before the agent who serves her."""
    customer = Customer(running, name="Ana")
    customer.says(QUESTION)
    wait_until(lambda: has_answered(customer), what="the AI's answer", seconds=60)
    customer.asks_for_a_person()
    Agent(running).accepts(customer.session).raise_for_status()
    agent = DeskAgent(browser, Look()).logs_in(running, "agent1", PASSWORD)
    agent.page.goto(f"{running.url('workbench')}/c/{customer.session}/")
    is_live(agent.page)
    yield agent.page, customer
    assert [said for said in agent.complaints if "Failed to load" not in said] == []
    agent.page.context.close()


def is_ready(page: Page) -> None:
    expect(page.locator("#copilot-panel")).to_have_attribute("data-state", "ready")


def has_answered(customer: Customer) -> bool:
    return any(each["author"]["kind"] == "ai" for each in customer.messages())


def answers_of_agents(customer: Customer) -> list[str]:
    return [each["text"] for each in customer.messages() if each["author"]["kind"] == "agent"]


def test_a_suggestion_is_read_used_and_taken_back_by_keyboard(
    browser: Browser, with_model: Platform, model: ModelServer
) -> None:
    model.text = DRAFT
    with served(browser, with_model) as (page, customer):
        field = page.locator("#reply-text")
        field.fill("My own words")
        page.keyboard.press("Escape")
        page.keyboard.press("s")
        is_ready(page)
        expect(page.locator(".copilot-text")).to_have_text(DRAFT)
        page.keyboard.press("Enter")  # the focus waits on Use
        expect(field).to_have_value(DRAFT)
        page.keyboard.press("Control+z")
        expect(field).to_have_value("My own words")
        assert answers_of_agents(customer) == []  # nothing was sent by itself
        page.keyboard.press("Control+Shift+z")
        expect(field).to_have_value(DRAFT)
        page.keyboard.press("Enter")
        expect(page.locator(".message.ours .bubble").last).to_have_text(DRAFT)
        assert answers_of_agents(customer) == [DRAFT]


def test_an_improvement_stands_beside_what_was_written_and_escape_closes_it(
    browser: Browser, with_model: Platform, model: ModelServer
) -> None:
    model.text = "It takes two days."
    with served(browser, with_model) as (page, _):
        page.locator("#reply-text").fill("two day it take")
        page.keyboard.press("Escape")
        page.keyboard.press("i")
        is_ready(page)
        expect(page.locator("#copilot-panel")).to_contain_text("two day it take")
        expect(page.locator(".copilot-text")).to_have_text("It takes two days.")
        page.keyboard.press("Escape")
        expect(page.locator("#copilot-panel")).to_be_hidden()
        expect(page.locator("#reply-text")).to_have_value("two day it take")


def test_a_model_that_fails_leaves_a_sentence_and_another_try(
    browser: Browser, with_model: Platform, model: ModelServer
) -> None:
    with served(browser, with_model) as (page, _):
        model.plays("content_filter")
        page.click("#copilot-summarise")
        expect(page.locator("#copilot-panel .copilot-error")).to_be_visible()
        model.plays("fine")
        page.click("[data-copilot-do=retry]")
        is_ready(page)


def test_what_is_lost_on_its_way_is_not_waited_for_in_vain(
    browser: Browser, with_model: Platform
) -> None:
    with served(browser, with_model) as (page, _):
        page.evaluate("document.getElementById('copilot').dataset.patience = 0.2")
        page.route("**/copilot", lambda route: route.fulfill(status=202, json={"request": "lost"}))
        page.click("#copilot-summarise")
        expect(page.locator("#copilot-panel .copilot-error")).to_contain_text("No answer came")
        expect(page.locator("[data-copilot-do=retry]")).to_be_visible()


def test_without_a_model_the_knowledge_is_quoted_and_the_rest_says_why(
    browser: Browser, running: Platform
) -> None:
    with served(browser, running) as (page, _):
        page.locator("body").press("i")
        expect(page.locator("#notices")).to_contain_text("No language model is connected")
        page.click("#copilot-suggest")
        is_ready(page)
        expect(page.locator(".copilot-sources a").first).to_contain_text("delivery")
        expect(page.locator("#copilot-panel")).to_contain_text("word for word")


def test_a_wrong_answer_becomes_a_test_with_the_article_that_is_right(
    browser: Browser, running: Platform
) -> None:
    with served(browser, running) as (page, _):
        page.locator("[data-wrong-answer]").first.click()
        expect(page.locator("#wrong-answer-search")).to_have_value(QUESTION)
        page.locator("#wrong-answer-search").fill("warranty")
        page.get_by_label("How long is the warranty?").check()
        with page.expect_response("**/api/v1/evaluation/cases") as answer:
            page.click("#wrong-answer-save")
        assert answer.value.status == 201, answer.value.text()
        assert (answer.value.json()["question"], answer.value.json()["article"]) == (
            QUESTION,
            "warranty",
        )
        expect(page.locator("#wrong-answer")).to_be_hidden()
        expect(page.locator("[data-wrong-answer]").first).to_be_disabled()
