"""What ends a person's right to be here ends her open streams within five seconds."""

import sqlite3
import threading
import time
from contextlib import closing, suppress

import httpx
import pytest

from tests.people import API, Agent, ok
from tests.servers import Platform

SOON = 5.0  # seconds


class OpenStream:
    """One answer that is read to its end, and never asked for again."""

    def __init__(self, agent: Agent) -> None:
        self.ended_at: float | None = None
        self._opened, self._agent = threading.Event(), agent
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        assert self._opened.wait(15), "never opened"

    def _read(self) -> None:
        with suppress(httpx.TransportError):  # still open when the platform is stopped
            with self._agent.http.stream("GET", f"{API}/events", timeout=60) as answer:
                for _ in answer.iter_raw() if answer.is_success else ():
                    self._opened.set()
            self.ended_at = time.monotonic()

    def seconds_until_it_ended(self, since: float) -> float:
        self._thread.join(3 * SOON)
        assert self.ended_at, "still open"
        return self.ended_at - since

    def is_open(self) -> bool:
        return self._thread.is_alive()


def leaves(agent: Agent) -> None:
    """Log out, which ends her streams."""
    agent.http.delete("/_allauth/app/v1/auth/session")


def by_hand(running: Platform, change: str) -> float:
    """Change rows as an administration elsewhere would; when that was done."""
    database = sqlite3.connect(running.folder / "chatplatform.sqlite3", timeout=20)
    with closing(database), database:
        assert database.execute(change).rowcount == 1
    return time.monotonic()


def is_refused(agent: Agent) -> bool:
    return agent.http.get(f"{API}/me").status_code == 401


def test_signing_out_a_session_ends_its_stream_and_no_other(running: Platform) -> None:
    lost, here = Agent(running), Agent(running)
    streams = OpenStream(lost), OpenStream(here)
    mine = ok(lost.http.get(f"{API}/me/sessions"))["results"]
    (there,) = [one["id"] for one in mine if one["is_current"]]
    assert here.http.delete(f"{API}/me/sessions/{there}").status_code == 204
    assert streams[0].seconds_until_it_ended(time.monotonic()) < SOON
    assert is_refused(lost)
    assert streams[1].is_open()
    assert not is_refused(here)
    leaves(here)


def test_logging_out_ends_the_stream(running: Platform) -> None:
    agent = Agent(running)
    stream = OpenStream(agent)
    leaves(agent)
    assert stream.seconds_until_it_ended(time.monotonic()) < SOON


USER = "UPDATE accounts_user SET is_active = {} WHERE username = 'agent2'"
TENANT = "UPDATE tenants_tenant SET status = '{}' WHERE slug = 'demo'"
ENDS = {
    "disabling her": (USER.format(0), USER.format(1)),
    "suspending her company": (TENANT.format("suspended"), TENANT.format("active")),
}


@pytest.mark.parametrize("what", ENDS)
def test_it_ends_her_stream_and_nobody_elses(running: Platform, what: str) -> None:
    change, back = ENDS[what]
    agent, stranger = Agent(running, "agent2"), Agent(running, "outsider")
    stream, strangers = OpenStream(agent), OpenStream(stranger)
    try:
        assert stream.seconds_until_it_ended(by_hand(running, change)) < SOON
        assert is_refused(agent)
        assert strangers.is_open()
    finally:
        by_hand(running, back)
        leaves(stranger)


def test_a_change_of_rights_has_the_stream_authorised_anew(running: Platform) -> None:
    agent = Agent(running)
    stream = OpenStream(agent)
    bump = "UPDATE tenants_tenant SET access_version = access_version + 1 WHERE slug = 'demo'"
    assert stream.seconds_until_it_ended(by_hand(running, bump)) < SOON
    OpenStream(agent)  # she is let in again
    leaves(agent)
