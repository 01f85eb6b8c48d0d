"""Which tests of a parallel run stay together, and in which order they begin."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

STAGE = "tests/faults/"  # all of it on one stage


class ByWhatTheyShare(LoadScopeScheduling):
    """File by file, in the order of collection: what starts platforms begins, and shares them.

    xdist's own groups are marks in a test's id, which pytest 9.2 does not let it change any more.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::")[0]
        return STAGE if file.startswith(STAGE) else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    config.option.loadscopereorder = False
    return ByWhatTheyShare(config, log)
