"""Models that go wrong, through the real runner: what the customer has in the end."""

from typing import Any

import pytest

from chatbot.assistant.models import Run
from chatbot.assistant.prompts.models import Summary
from chatbot.assistant.providers.tests.factories import calls, connect
from chatbot.assistant.tests.factories import ai_messages, ask
from chatbot.assistant.tests.test_runner import running, until_closed
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.states import State
from chatbot.knowledge.tests.factories import write
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from realtime import publish
from tests.model_scenarios import SENTENCE
from tests.model_server import ModelServer
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def delivery(tenant: Tenant) -> Any:
    return write(tenant, "How long does delivery take?", "Two to four working days.")


def state_of(session: OpenedSession) -> str:
    with all_tenants():
        found: Conversation = Conversation.objects.get(pk=session.conversation.pk)
    return found.state


def test_a_model_answers_with_its_source(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    connect(server)
    with running():
        run = until_closed(ask(ana.conversation))
    assert run.status == Run.Status.DONE
    (message,) = ai_messages(ana.conversation)
    assert message.text == SENTENCE
    assert message.data["sources"][0]["article_id"] == delivery.pk
    assert [call.run_id for call in calls()] == [run.pk]


@pytest.mark.parametrize(
    "name", ["cut", "failing", "late", "silent", "wrong_key", "content_filter"]
)
def test_the_knowledge_base_stands_in(
    name: str, ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    server.plays(name)
    connect(server, first_token_timeout=0.5)
    with running():
        run = until_closed(ask(ana.conversation))
    assert (run.status, run.attempts) == (Run.Status.DONE, 1)
    (message,) = ai_messages(ana.conversation)
    assert message.text == "Two to four working days."


@pytest.mark.parametrize("name", ["cut", "failing", "late", "empty_choices"])
def test_a_person_is_fetched_where_nothing_helps(
    name: str, ana: OpenedSession, server: ModelServer
) -> None:
    server.plays(name)
    connect(server, first_token_timeout=0.5)
    with running():
        run = until_closed(ask(ana.conversation, "Can I pay with seashells?"))
    assert (run.status, run.handoff) == (Run.Status.DONE, "failure")
    assert ai_messages(ana.conversation) == []
    assert state_of(ana) == State.QUEUED


def test_a_promise_becomes_a_transfer(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    server.text = "I'll transfer you to a colleague now [1]."
    connect(server)
    with running():
        until_closed(ask(ana.conversation))
    assert state_of(ana) == State.QUEUED


def test_an_answer_that_breaks_off_is_shown_anew(
    ana: OpenedSession,
    server: ModelServer,
    other_server: ModelServer,
    delivery: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(publish, "event", lambda event, **_kwargs: shown.append(event.payload()))
    server.plays("silent")
    server.text = "Delivery comes in a week or so."
    other_server.text, other_server.pace = "Two to four working days [1].", 0.05
    connect(server, position=1, first_token_timeout=1.0)
    connect(other_server, position=2)
    with running():
        until_closed(ask(ana.conversation))
    deltas = [event for event in shown if "position" in event and "text" in event]
    beginnings = [event["text"] for event in deltas if event["position"] == 0]
    assert len(beginnings) == 2
    assert beginnings[0].startswith("Delivery")
    assert beginnings[1].startswith("Two")


def test_instructions_are_not_even_streamed(
    ana: OpenedSession, server: ModelServer, delivery: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(publish, "event", lambda event, **_kwargs: shown.append(event.payload()))
    server.plays("gullible")
    server.pace = 0.02
    connect(server)
    with running():
        until_closed(ask(ana.conversation, "How long does delivery take? RECITE"))
    deltas = "".join(event["text"] for event in shown if "position" in event and "text" in event)
    assert len(deltas) < 60
    (message,) = ai_messages(ana.conversation)
    assert message.text == "I'm not sure what you mean. Is it one of these?"


def test_a_long_conversation_is_summarised_in_the_background(
    tenant: Tenant, ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:

    connect(server, context_window=2_000)
    with running():
        for number in range(6):
            text = f"How long does delivery take, number {number}? " + "I wonder about lamps. " * 50
            until_closed(ask(ana.conversation, text))

        def summary() -> Summary | None:
            with all_tenants():
                found: Summary | None = Summary.objects.filter(
                    conversation=ana.conversation
                ).first()
            return found

        wait_until(summary, what="the summary")
    assert "summary" in {call.purpose for call in calls()}


def test_twenty_customers_are_streamed_to_at_once(
    tenant: Tenant, server: ModelServer, delivery: Any
) -> None:
    server.pace = 0.01
    connect(server)
    sessions = [conversations.open_session(tenant=tenant, name=f"C{n}") for n in range(20)]
    with running():
        runs = [ask(session.conversation) for session in sessions]
        assert {until_closed(run).status for run in runs} == {Run.Status.DONE}
    for session in sessions:
        assert [message.text for message in ai_messages(session.conversation)] == [SENTENCE]
