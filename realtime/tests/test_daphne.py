import sys
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from realtime.daphne import mend


@pytest.fixture
def pretended(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """As if a daphne of another version ran us."""
    other = SimpleNamespace(
        __version__="5.0.0",
        server=SimpleNamespace(),
        http_protocol=SimpleNamespace(),
        ws_protocol=SimpleNamespace(),
    )
    monkeypatch.setitem(sys.modules, "daphne", other)
    monkeypatch.setitem(sys.modules, "daphne.server", other.server)
    return other


def test_a_daphne_that_we_do_not_know_is_left_alone_and_says_so(
    pretended: SimpleNamespace,
) -> None:
    with capture_logs() as lines:
        assert not mend()
    assert [line["event"] for line in lines] == ["daphne_not_mended"]
    assert vars(pretended.server) == {}


def test_on_another_server_there_is_nothing_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "daphne.server", raising=False)
    with capture_logs() as lines:
        assert not mend()
    assert lines == []
