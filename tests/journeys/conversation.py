"""A conversation between a customer and an agent, with both their streams open."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from tests.people import Agent, Customer
from tests.servers import Platform
from tests.streams import Heard, Stream


@dataclass
class Conversation:
    """`widget` and `desk` are the two streams; `said` is every text in the order it was said."""

    customer: Customer
    agent: Agent
    widget: Stream
    desk: Stream
    said: list[str] = field(default_factory=list)

    def goes_on(self, turns: int = 1) -> None:
        """Each side says something new, in turn."""
        for _ in range(turns):
            number = len(self.said)
            self.customer.says(f"customer {number}", client_id=f"customer-{number}")
            self.agent.says(self.customer.session, f"agent {number}", client_id=f"agent-{number}")
            self.said += [f"customer {number}", f"agent {number}"]

    def everyone_has_everything(self, seconds: float = 15) -> None:
        """Both streams carried every text, in order, once; so does the history."""
        for stream in (self.widget, self.desk):
            stream.wait_for(lambda event: text_of(event) == self.said[-1], seconds=seconds)
            assert [text for text in map(text_of, stream.heard) if text in self.said] == self.said
            assert_once_and_in_order(stream)
        kept = [message["text"] for message in self.customer.messages()]
        assert [text for text in kept if text in self.said] == self.said


def text_of(event: Heard) -> str:
    return str(event.payload["text"]) if event.type == "new_message" else ""


def assert_once_and_in_order(stream: Stream) -> None:
    """The offsets of one log only ever rise."""
    ids = [event.id for event in stream.heard if event.id and event.type != "reset"]
    offsets = [int(id.rpartition("-")[2]) for id in dict.fromkeys(ids)]
    assert all(earlier < later for earlier, later in pairwise(offsets)), ids


@contextmanager
def under_way(running: Platform, username: str = "agent1") -> Iterator[Conversation]:
    """A customer who asked for a person, and the agent who accepted."""
    agent, customer = Agent(running, username), Customer(running)
    with agent.listens() as desk, customer.listens() as widget:
        customer.asks_for_a_person()
        agent.accepts(customer.session).raise_for_status()
        yield Conversation(customer, agent, widget, desk)
