"""No page of either door does what its content security policy forbids, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from chatplatform.management.demo import PASSWORD
from tests.journeys.browser import DeskAgent, Look, Shopper, Someone
from tests.people import Customer
from tests.servers import Platform

pytestmark = pytest.mark.browser

TELL = """addEventListener("securitypolicyviolation", (event) => console.error(
  `policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile} ${event.sample}`))"""
ACCOUNT_PAGES = (
    "/accounts/profile/",
    "/accounts/sessions/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/password/change/",
    "/accounts/logout/",
)


def watched(person: Someone) -> Page:
    person.page.context.add_init_script(TELL)
    return person.page


@pytest.fixture
def shopper(browser: Browser) -> Iterator[Shopper]:
    person = Shopper(browser, Look())
    watched(person)
    yield person
    assert violations(person) == []


@pytest.fixture
def agent(browser: Browser) -> Iterator[DeskAgent]:
    person = DeskAgent(browser, Look())
    watched(person)
    yield person
    assert violations(person) == []


def violations(person: Someone) -> list[str]:
    return [said for said in person.complaints if "policy" in said.lower()]


def test_the_shop_and_its_chat_keep_to_their_policy(running: Platform, shopper: Shopper) -> None:
    shopper.comes_in(running)
    shopper.opens_the_chat()
    shopper.says("How long does delivery take?")
    shopper.chat.locator("#thread a").first.wait_for(state="attached")  # the answer
    for address in ("/widget/demo/", "/widget/nobody/", "/nowhere", "/api/docs/"):
        shopper.page.goto(running.url("chatbot") + address)
    expect(shopper.page.locator(".opblock").first).to_be_visible()


def test_the_console_keeps_to_its_policy(running: Platform, agent: DeskAgent) -> None:
    customer = Customer(running)
    customer.asks_for_a_person()
    agent.logs_in(running, "agent1", PASSWORD)
    agent.opens(customer.session)
    agent.accepts()
    agent.says("Here I am.")
    agent.page.goto(running.url("workbench") + "/api/docs/")
    expect(agent.page.locator(".opblock").first).to_be_visible()


def test_the_pages_of_ones_own_account_keep_to_it(running: Platform, agent: DeskAgent) -> None:
    agent.page.goto(running.url("workbench") + "/accounts/sso/")
    agent.logs_in(running, "agent1", PASSWORD)
    for address in ACCOUNT_PAGES:
        visit(agent, running.url("workbench") + address)


def test_every_page_of_the_admin_keeps_to_its_policy_and_works(
    running: Platform, agent: DeskAgent
) -> None:
    agent.logs_in(running, "admin", PASSWORD)
    visit(agent, admin := running.url("workbench") + "/admin/")
    for address in links(agent):
        visit(agent, address)
    visit(agent, admin + "knowledge/article/add/")
    visit(agent, admin + "knowledge/article/")
    agent.page.locator("#result_list th a[href*=change]").first.click()
    expect(agent.page.locator("input[name=title]")).to_be_visible()
    # the theme's expressions run: an x-show is what they make of it
    expect(agent.page.locator("[x-cloak]")).to_have_count(0)


def visit(person: Someone, address: str) -> None:
    answer = person.page.goto(address)
    assert answer
    assert answer.ok, f"{answer.status} {address}"
    person.page.evaluate("new Promise(requestIdleCallback)")  # its scripts have done what they do


def links(person: Someone) -> list[str]:
    """Where the admin's front page leads."""
    found: list[str] = person.page.eval_on_selector_all(
        "a[href^='/admin/']:not([href*=jsi18n]):not([href*=logout])", "all => all.map(a => a.href)"
    )
    assert len(set(found)) > 10
    return sorted(set(found))


def test_a_violation_would_be_seen(running: Platform, shopper: Shopper) -> None:
    shopper.comes_in(running)
    for told, breach in (
        ("policy: style-src", "document.body.setAttribute('style', 'color: red')"),
        ("policy: img-src", "document.body.append(Object.assign(new Image(), {src: 'data:,'}))"),
    ):
        with shopper.page.expect_console_message(lambda said, told=told: told in said.text):
            shopper.page.evaluate(breach)
    assert len(violations(shopper)) >= 2
    shopper.complaints.clear()
