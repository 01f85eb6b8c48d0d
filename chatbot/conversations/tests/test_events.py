"""Events explain the state: what a page knew, plus the events since, is what the API says now."""

from typing import Any

import pytest

from chatbot.conversations import authors, selectors, services
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant
from realtime import log
from realtime.testing import PublishedEvent, published

FOLDED = ("session_name", "status", "agent", "queue_position", "version")


class Page:
    """A browser's view: opened once from the API, kept up by events alone."""

    def __init__(self, ana: OpenedSession) -> None:
        self.conversation = ana.conversation
        self.state = self.now()
        self.messages = self.said()
        self.seen = len(published("shop"))

    def now(self) -> dict[str, Any]:
        answer = selectors.session_answer(self.conversation).model_dump(mode="json")
        return {field: answer[field] for field in FOLDED}

    def said(self) -> list[dict[str, Any]]:
        return selectors.messages_answer(self.conversation).model_dump(mode="json")["results"]  # type: ignore[no-any-return]  # JSON

    def catch_up(self) -> list[str]:
        news = published("shop")[self.seen :]
        self.seen += len(news)
        for event in news:
            self.apply(event)
        return [event.type for event in news]

    def apply(self, event: PublishedEvent) -> None:
        assert event.channels[0] == f"sse:session:{self.conversation.name}"
        if event.type == "status_change":
            assert event.payload["previous"] == self.state["status"]
            self.state = {field: event.payload[field] for field in FOLDED}
        elif event.type == "new_message":
            said = {**event.payload}
            assert said.pop("session_name") == self.conversation.name
            self.messages.append(said)

    def is_true(self) -> bool:
        return self.state == self.now() and self.messages == self.said()


@pytest.fixture
def page(in_tenant: Tenant, ana: OpenedSession) -> Page:
    return Page(ana)


def test_a_whole_conversation_can_be_followed_by_its_events_alone(
    page: Page, ana: OpenedSession, ben: User
) -> None:
    conversation, customer = ana.conversation, authors.customer(ana.customer)
    steps: list[tuple[Any, list[str]]] = [
        (
            lambda: services.post_message(
                conversation=conversation, author=customer, text="Hello", client_id="1"
            ),
            ["new_message"],
        ),
        (
            lambda: services.post_message(
                conversation=conversation, author=authors.ai(), text="Hi", data={"sources": []}
            ),
            ["new_message"],
        ),
        (
            lambda: services.request_transfer(
                conversation=conversation, actor=customer, reason="A refund"
            ),
            ["status_change", "new_message", "transfer_request"],
        ),
        (
            lambda: services.accept_conversation(conversation=conversation, agent=ben),
            ["status_change", "new_message"],
        ),
        (
            lambda: services.post_message(
                conversation=conversation, author=authors.agent(ben), text="How can I help?"
            ),
            ["new_message"],
        ),
        (
            lambda: services.return_to_ai(conversation=conversation, agent=ben),
            ["status_change", "new_message"],
        ),
        (
            lambda: services.close_conversation(conversation=conversation, actor=customer),
            ["status_change", "new_message"],
        ),
        (
            lambda: services.post_message(
                conversation=conversation, author=customer, text="One more thing"
            ),
            ["status_change", "new_message", "new_message"],
        ),
    ]
    for step, expected in steps:
        step()
        assert page.catch_up() == expected
        assert page.is_true()


def test_a_new_session_is_announced(in_tenant: Tenant, ana: OpenedSession) -> None:
    (event,) = published("shop")
    assert event.type == "new_session"
    assert event.payload == {
        "session_name": ana.conversation.name,
        "customer": {"name": "Ana"},
        "status": "ai_active",
    }


def test_a_transfer_request_tells_agents_what_they_need(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    services.request_transfer(
        conversation=ana.conversation,
        actor=authors.customer(ana.customer),
        reason="A refund for order 7",
    )
    event = published("shop")[-1]
    assert event.type == "transfer_request"
    assert event.source == "ai_chatbot"
    assert event.payload.pop("requested_at").endswith("Z")
    assert event.payload == {
        "session_name": ana.conversation.name,
        "customer": {"name": "Ana"},
        "reason": "A refund for order 7",
        "trigger": "asked",
        "queue_position": 1,
        "language": "en",
    }


def test_an_agents_deeds_come_from_the_workbench(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    services.request_transfer(conversation=ana.conversation, actor=authors.customer(ana.customer))
    before = len(published("shop"))
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    services.post_message(conversation=ana.conversation, author=authors.agent(ben), text="Hello")
    services.close_conversation(conversation=ana.conversation, actor=authors.agent(ben))
    assert {event.source for event in published("shop")[before:]} == {"agent_workbench"}


def test_the_position_of_an_answer_is_not_younger_than_its_state(
    in_tenant: Tenant, ana: OpenedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes between the two reads: the position must still be from before."""
    read = log.position
    customer = authors.customer(ana.customer)

    def read_then_something_happens(name: str) -> str:
        position = read(name)
        services.post_message(conversation=ana.conversation, author=customer, text="Now")
        return position

    before = read("shop")
    monkeypatch.setattr(log, "position", read_then_something_happens)
    answer = selectors.messages_answer(ana.conversation)
    assert [message.text for message in answer.results] == ["Now"]
    assert answer.position == before


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Ben is with you now."), ("zh-hans", "Ben")],
)
def test_the_server_speaks_the_customers_language_and_keeps_the_code(
    in_tenant: Tenant, ben: User, language: str, said: str
) -> None:
    opened = services.open_session(tenant=in_tenant, language=language)
    services.request_transfer(
        conversation=opened.conversation, actor=authors.customer(opened.customer)
    )
    services.accept_conversation(conversation=opened.conversation, agent=ben)
    notice = published("shop")[-1].payload
    assert said in notice["text"]
    assert (notice["code"], notice["data"]) == ("agent_joined", {"agent": "Ben"})
    assert notice["author"] == {"kind": "system", "name": ""}
