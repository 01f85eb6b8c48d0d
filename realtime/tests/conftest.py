from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from channels.layers import channel_layers

from realtime import hub
from realtime.hub import Hub
from tests.servers import Valkey


@pytest.fixture
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Valkey]:
    """A real Redis-protocol server that the test may kill and start again."""
    server = Valkey(tmp_path_factory.mktemp("v"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(autouse=True)
def fresh_layers() -> Iterator[None]:
    """Layers remember event loops; every test has a loop of its own."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


@pytest_asyncio.fixture
async def home() -> AsyncIterator[Hub]:
    """The running hub of this test's loop."""
    running = await hub.current()
    yield running
    await running.stop()
