"""Which tests of a parallel run stay together, and in which order they begin."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

STAGE = "tests/faults/"  # all of it on one stage


@pytest.hookimpl(trylast=True)  # after pytest-django, which puts what knows no database last
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest begins; it also seeds the database that others would stand waiting for later."""
    items.sort(key=lambda item: not item.nodeid.startswith(STAGE))


class ByWhatTheyShare(LoadScopeScheduling):
    """File by file, in the order of collection.

    xdist's own groups are marks in a test's id, which pytest 9.2 does not let it change any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return STAGE if file.startswith(STAGE) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    config.option.loadscopereorder = False
    return ByWhatTheyShare(config, log)
