from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faults.oracle import Verdict
from tests.faults.postgres import Postgres, postgres
from tests.faults.report import table
from tests.faults.stage import Stage
from tests.faults.stage import stage as prepared_stage
from tests.faults.trial import Trial, on_trial
from tests.journeys.browser import CHROMIUM, MISSING, chromium

FaultOnTrial = Callable[..., AbstractContextManager[Trial]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", default="1", help="what chance begins with in the faults' tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts real processes."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.timeout(240))


@pytest.fixture(scope="package")
def stage(seeded: Path) -> Iterator[Stage]:
    """The platform on SQLite that the faults share; whatever they break, they mend."""
    with prepared_stage(seeded) as it:
        yield it


@pytest.fixture(scope="package")
def database() -> Iterator[Postgres]:
    with postgres() as it:
        yield it


@pytest.fixture(scope="package")
def stage_on_postgres(database: Postgres) -> Iterator[Stage]:
    """The same on PostgreSQL."""
    with prepared_stage(postgres=database) as it:
        yield it


@pytest.fixture
def put_on_trial(
    request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> FaultOnTrial:
    """`with put_on_trial(stage, "name of the fault") as it:` judges when the block ends."""
    seed = str(request.config.getoption("--seed", "1"))

    @contextmanager
    def trial(stage: Stage, name: str) -> Iterator[Trial]:
        with on_trial(stage, name, seed=seed) as it:
            yield it
            it.falls_silent()
            verdict = it.settle()
            record_property("fault", as_row(name, verdict))
        verdict.must_be_clean(resets=0 if it.resets_expected else it.resets())
        it.check_footprint()

    return trial


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium per file, gone with it."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium() as it:
        yield it


def as_row(name: str, verdict: Verdict) -> dict[str, object]:
    counts = ("written", "delivered", "lost", "doubled", "reordered")
    row: dict[str, object] = {"fault": name, **{key: getattr(verdict, key) for key in counts}}
    return {**row, "worst_gap_ms": round(verdict.worst_gap * 1000)}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if getattr(report, "when", "") == "call"
    ]
    rows = [value for report in reports for key, value in report.user_properties if key == "fault"]
    if rows:
        terminalreporter.section(f"faults, seed {config.getoption('--seed', '1')}")
        for line in table(rows):
            terminalreporter.write_line(line)
