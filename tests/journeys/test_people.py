"""Somebody who looks after people changes a role, and the other's console follows by itself."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browser import DeskAgent, Look
from tests.people import API, PASSWORD, Agent, Customer, ok
from tests.servers import Platform

pytestmark = pytest.mark.browser

SOON = 5_000  # ms


@pytest.fixture
def for_after_sales(running: Platform) -> Customer:
    """A customer who waits for a person of After-sales."""
    ana = Customer(running, name="Anastasia")
    ana.asks_for_a_person()
    admin = Agent(running, "admin")
    found = ok(admin.http.get(f"{API}/departments"))["results"]
    (service,) = [each for each in found if each["name"] == "Customer service"]
    (after,) = [each for each in service["children"] if each["name"] == "After-sales"]
    moved = admin.http.post(
        f"{API}/sessions/{ana.session}/department", json={"department": after["code"]}
    )
    assert moved.is_success, moved.text
    return ana


def chooses(page: Page, *roles: str) -> None:
    for box in page.locator(".role-choices .check").all():
        box.locator("input").set_checked(any(role in box.inner_text() for role in roles))
    page.get_by_role("button", name="Save roles").click()
    expect(page.locator(".said")).to_contain_text("Saved")


def test_a_role_given_and_taken_is_followed_by_the_open_console(
    running: Platform, browser: Browser, for_after_sales: Customer
) -> None:
    trainee = DeskAgent(browser, Look()).logs_in(running, "trainee", PASSWORD)
    lead = DeskAgent(browser, Look()).logs_in(running, "lead", PASSWORD)
    row = trainee.page.locator(f"#row-{for_after_sales.session}")
    expect(trainee.page.locator("#link-state")).to_have_attribute("data-state", "live")
    expect(row).to_have_count(0)
    lead.page.get_by_role("link", name="People").click()
    lead.page.get_by_role("link", name="Tina").click()
    lead.sees("person")
    chooses(lead.page, "Trainee", "After-sales agent")
    expect(row).to_be_visible(timeout=SOON)
    chooses(lead.page, "Trainee")
    expect(row).to_have_count(0, timeout=SOON)
    # her stream has followed as well: what happens there now is none of hers
    expect(trainee.page.locator("#link-state")).to_have_attribute("data-state", "live")
    for_after_sales.says("Is anybody there?")
    expect(trainee.page.locator("[data-count=queue]")).to_have_text("0")
    assert trainee.complaints == []
    assert lead.complaints == []


def test_who_steps_away_is_seen_so_at_once_and_in_her_other_tabs(
    running: Platform, browser: Browser
) -> None:
    lead = DeskAgent(browser, Look()).logs_in(running, "lead", PASSWORD)
    lead.page.goto(f"{running.url('workbench')}/people/")
    amy = DeskAgent(browser, Look()).logs_in(running, "aftersales1", PASSWORD)
    other_tab = amy.page.context.new_page()
    other_tab.goto(running.url("workbench"))
    status = lead.page.locator("[data-person=aftersales1] [data-presence]")
    expect(status).to_have_attribute("data-presence", "available", timeout=40_000)
    amy.page.locator("#availability summary").focus()
    amy.page.keyboard.press("ArrowDown")
    amy.page.keyboard.press("ArrowDown")
    amy.page.keyboard.press("Enter")
    expect(status).to_have_attribute("data-presence", "away", timeout=SOON)
    for page in (amy.page, other_tab):
        expect(page.locator("#availability")).to_have_attribute("data-state", "away")
    lead.sees("people")
    assert lead.complaints == []
    assert amy.complaints == []


def test_it_is_usable_on_a_phone(running: Platform, browser: Browser) -> None:
    lead = DeskAgent(browser, Look(screen="phone")).logs_in(running, "lead", PASSWORD)
    lead.page.get_by_role("link", name="People").click()
    search = lead.page.locator("#search")
    search.fill("tina")
    expect(lead.page.locator("[data-person]")).to_have_count(1)
    assert "search=tina" in lead.page.url
    lead.sees("people")
    lead.page.get_by_role("link", name="Tina").click()
    expect(lead.page.get_by_role("heading", name="Tina")).to_be_visible()
    wide = "document.documentElement.scrollWidth > innerWidth"
    assert not lead.page.evaluate(wide)
    lead.page.go_back()
    expect(lead.page.locator("[data-person]")).to_have_count(1)
    expect(lead.page.locator("#account")).to_be_in_viewport()
    assert lead.complaints == []
