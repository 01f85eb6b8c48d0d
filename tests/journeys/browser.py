"""A real Chromium for journeys: people with a language and a screen, and pictures."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    FrameLocator,
    Page,
    expect,
    sync_playwright,
)

from tests.processes import ROOT
from tests.servers import Platform

# the first has no windows to draw, and takes half of the processor's time
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
MISSING = "no Chromium on this machine (apt install chromium-headless-shell)"
PICTURES = ROOT / "var/screenshots"
FLAGS = [
    "--no-sandbox",  # we may be root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",  # it would ask hosts that are none of our business
    "--disable-component-update",
    "--disable-sync",
]
SCREENS = {"desktop": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
LOCALES = {"en": "en-US", "zh-hans": "zh-CN"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; the system's, because nothing may be downloaded for it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Look:
    """In which language and on which screen somebody looks."""

    language: str = "en"
    screen: str = "desktop"

    def __str__(self) -> str:
        return f"{self.screen}-{self.language}"


class Someone:
    """A person with a browser profile of her own. `complaints` are errors the pages logged."""

    def __init__(self, browser: Browser, look: Look) -> None:
        self.look = look
        self.complaints: list[str] = []
        self._context = browser.new_context(
            locale=LOCALES[look.language],
            viewport=SCREENS[look.screen],  # type: ignore[arg-type]
            is_mobile=look.screen == "phone",
            has_touch=look.screen == "phone",
        )
        self._context.set_default_timeout(15_000)
        self.page: Page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note)

    def sees(self, name: str) -> None:
        """Keep a picture of the page as var/screenshots/NAME-SCREEN-LANGUAGE.png."""
        self.page.screenshot(path=PICTURES / f"{name}-{self.look}.png")

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")


class Shopper(Someone):
    """At the demo shop, with the chat in its corner."""

    def comes_in(self, running: Platform) -> "Shopper":
        self.page.goto(running.url("chatbot"))
        return self

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("iframe[src*='/widget/']")

    def opens_the_chat(self) -> None:
        self.page.locator("button.launcher").click()
        expect(self.chat.locator("#person")).not_to_be_empty()  # its modules have run

    def says(self, text: str) -> None:
        self.chat.locator("#text").fill(text)
        self.chat.locator("#send").click()
        self.hears(text)

    def hears(self, text: str) -> None:
        self.chat.locator("#thread").get_by_text(text, exact=False).last.wait_for()

    def asks_for_a_person(self) -> None:
        self.chat.locator("#person").click()
        self.chat.locator("#queue").wait_for()


class DeskAgent(Someone):
    """At the console."""

    def logs_in(self, running: Platform, username: str, password: str) -> "DeskAgent":
        return self.logs_in_at(running.url("workbench"), username, password)

    def logs_in_at(self, address: str, username: str, password: str) -> "DeskAgent":
        self.page.goto(address)
        self.page.locator("#id_login").fill(username)
        self.page.locator("#id_password").fill(password)
        self.page.locator("form.stack button[type=submit]").click()
        self.page.locator("#inbox").wait_for()
        return self

    def opens(self, session: str) -> None:
        self.page.locator(f"#row-{session}").click()
        self.page.locator(f"#conversation[data-conversation='{session}']").wait_for()

    def accepts(self) -> None:
        self.page.locator("#do-accept").click()
        self.page.locator("#reply-text").wait_for()

    def says(self, text: str) -> None:
        self.page.locator("#reply-text").fill(text)
        self.page.locator("#reply-text").press("Enter")
        self.hears(text)

    def hears(self, text: str) -> None:
        self.page.locator("#message-list").get_by_text(text, exact=False).last.wait_for()

    def closes(self) -> None:
        self.page.locator("#do-close").click()
        self.page.locator("#confirm-close button[value=close]").click()
        self.page.locator("#composer .turn[data-status=resolved]").wait_for()


def is_live(page: Page) -> None:
    """The console's scripts have run, and its stream is open."""
    expect(page.locator("#link-state")).to_have_attribute("data-state", "live", timeout=15_000)
