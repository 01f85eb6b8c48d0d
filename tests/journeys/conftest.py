import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.browser import CHROMIUM, MISSING, PICTURES, chromium
from tests.servers import Platform, platform


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts real processes, which the tests of one file share."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(180))


@pytest.fixture
def short_path() -> Iterator[Path]:
    """A folder with a short name: a unix socket's path may have 107 bytes only."""
    with tempfile.TemporaryDirectory(prefix="chatplatform-") as folder:
        yield Path(folder)


@pytest.fixture(scope="package")
def shared(seeded: Path) -> Iterator[Platform]:
    """A platform for all journeys without a browser; whatever they break, they mend."""
    with platform(seeded) as it:
        yield it


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest, seeded: Path) -> Iterator[Platform]:
    """The platform of a file: in a browser one sees what others left, so it gets its own."""
    if request.node.get_closest_marker("browser") is None:
        yield request.getfixturevalue("shared")
        return
    with platform(seeded) as it:
        yield it


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per file, gone with it: its event loop must not meet other tests' loops."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as it:
        yield it


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A journey that fails leaves a picture of every page that was open."""
    report = yield
    browser = getattr(item, "funcargs", {}).get("browser")
    if report.when == "call" and browser:
        pages = [page for context in browser.contexts for page in context.pages]
        for number, page in enumerate(pages if report.failed else []):
            page.screenshot(path=PICTURES / f"failed-{item.name}-{number}.png")
        for context in browser.contexts:
            context.close()
    return report
