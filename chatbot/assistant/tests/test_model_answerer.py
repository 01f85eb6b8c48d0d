"""What a customer gets, whatever the model does."""

import json
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import async_to_sync

from chatbot.assistant.answerer import Answer, Delta, Outcome, Question, Trigger
from chatbot.assistant.choice import choose
from chatbot.assistant.dialogue import answerer as model_answerer
from chatbot.assistant.dialogue import steps as dialogue
from chatbot.assistant.providers import clients
from chatbot.assistant.providers.tests.factories import calls, connect
from chatbot.assistant.tests.factories import ask
from chatbot.conversations.services import OpenedSession
from chatbot.knowledge.tests.factories import write
from chatbot.tools.toolbox import ToolResult
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from realtime.threads import in_thread
from tests.model_scenarios import SENTENCE
from tests.model_server import ModelServer

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERY = "How long does delivery take?"


@pytest.fixture
def delivery(tenant: Tenant) -> Any:
    return write(tenant, DELIVERY, "Delivery takes two to four working days.")


def parts_for(session: OpenedSession, text: str = DELIVERY, **changes: Any) -> list[Delta | Answer]:
    """All that the chosen answerer yields for a customer's message."""
    run = ask(session.conversation, text)
    with tenant_scope(run.tenant):
        question = Question(
            tenant=run.tenant,
            session_name=session.conversation.name,
            text=text,
            language="en",
            run=run.pk,
            conversation=session.conversation,
        )
        question = replace(question, **changes)

    async def collect() -> list[Delta | Answer]:
        try:
            chosen = await in_thread(choose, question)
            if isinstance(chosen, Answer):
                return [chosen]
            return [part async for part in chosen.answer(question)]
        finally:
            await clients.close_clients()

    return async_to_sync(collect)()


def answer_to(session: OpenedSession, text: str = DELIVERY) -> Answer:
    last = parts_for(session, text)[-1]
    assert isinstance(last, Answer)
    return last


def displayed(parts: list[Delta | Answer]) -> str:
    text = ""
    for part in parts:
        if isinstance(part, Delta):
            text = part.text if part.anew else text + part.text
    return text


def test_an_answer_carries_the_passage_it_cites(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    connect(server)
    parts = parts_for(ana)
    answer = parts[-1]
    assert isinstance(answer, Answer)
    assert (answer.text, answer.outcome) == (SENTENCE, Outcome.ANSWERED)
    (source,) = answer.sources
    assert source.article_id == delivery.pk
    assert displayed(parts) == SENTENCE
    assert len(parts) > 4


def test_without_a_model_the_knowledge_base_answers(ana: OpenedSession, delivery: Any) -> None:
    assert answer_to(ana).text == "Delivery takes two to four working days."


def test_hello_and_the_wish_for_a_person_ask_no_model(
    ana: OpenedSession, server: ModelServer
) -> None:
    connect(server)
    assert answer_to(ana, "Hello!").outcome is Outcome.GREETING
    assert answer_to(ana, "I want to talk to a human").outcome is Outcome.HANDOFF_REQUESTED
    assert server.asked == []


def test_a_fact_out_of_nowhere_is_not_given_nor_shown(
    ana: OpenedSession, server: ModelServer
) -> None:
    server.text = "Yes, the tower is 330 metres high."
    connect(server)
    parts = parts_for(ana, "How high is the Eiffel tower?")
    answer = parts[-1]
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.UNKNOWN
    assert "330" not in answer.text
    assert displayed(parts) == ""


def test_marks_of_passages_that_were_never_given_are_taken_out(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    server.text = "Two to four working days [1][7], on Sundays too [9]."
    connect(server)
    answer = answer_to(ana)
    assert answer.text == "Two to four working days [1], on Sundays too."
    assert len(answer.sources) == 1


def test_an_answer_in_a_passages_own_words_needs_no_mark(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    server.text = "Delivery usually takes two to four working days."
    connect(server)
    answer = answer_to(ana)
    assert answer.outcome is Outcome.ANSWERED
    assert [source.article_id for source in answer.sources] == [delivery.pk]


def test_a_question_back_is_no_fact(ana: OpenedSession, server: ModelServer) -> None:
    server.text = "Gladly. Which order do you mean?"
    connect(server)
    answer = answer_to(ana, "Where is it?")
    assert (answer.text, answer.outcome) == (server.text, Outcome.UNSURE)


def test_a_person_is_asked_for_in_a_field_of_its_own(
    ana: OpenedSession, server: ModelServer
) -> None:
    server.tool = "request_human"
    server.arguments = json.dumps({"reason": "angry", "summary": "Parcel lost twice."})
    server.plays("tool_call")
    connect(server)
    answer = answer_to(ana, "Where is my parcel, again?")
    assert (answer.outcome, answer.trigger) == (Outcome.HANDOFF_REQUESTED, Trigger.MODEL)
    assert answer.note == "angry\nParcel lost twice."


def test_a_person_is_fetched_even_if_the_reasons_are_broken(
    ana: OpenedSession, server: ModelServer
) -> None:
    server.tool = "request_human"
    server.plays("broken_tool_call")
    connect(server)
    answer = answer_to(ana, "Where is my parcel, again?")
    assert answer.outcome is Outcome.HANDOFF_REQUESTED


class Tools:
    """A toolbox whose one tool gives what a test says."""

    result = ToolResult("ok", "Order A-1001 was sent on Monday.")

    def __init__(self, conversation: object) -> None:
        self.called: list[tuple[str, str, int]] = []
        boxes.append(self)

    def definitions(self) -> list[dict[str, Any]]:
        return [{"type": "function", "function": {"name": "order_status", "parameters": {}}}]

    async def call(self, name: str, arguments: str, *, run: int | None, step: int) -> ToolResult:
        self.called.append((name, arguments, step))
        return self.result


boxes: list[Tools] = []


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> list[Tools]:
    boxes.clear()
    monkeypatch.setattr(model_answerer, "Toolbox", Tools)
    return boxes


def test_what_a_tool_says_may_be_answered(
    ana: OpenedSession, server: ModelServer, tools: list[Tools]
) -> None:
    server.text = "It was sent on Monday."
    server.plays("tool_call")
    connect(server)
    answer = answer_to(ana, "Where is A-1001?")
    assert (answer.text, answer.outcome) == ("It was sent on Monday.", Outcome.ANSWERED)
    assert tools[0].called == [("order_status", '{"number": "A-1001"}', 0)]
    told = server.asked[1].body["messages"][-1]
    assert (told["role"], told["tool_call_id"]) == ("tool", "call_0")
    assert "sent on Monday" in told["content"]


def test_a_tool_that_failed_is_nothing_to_stand_on(
    ana: OpenedSession,
    server: ModelServer,
    tools: list[Tools],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Tools, "result", ToolResult("failed", "It did not answer."))
    server.text = "It will arrive tomorrow."
    server.plays("broken_tool_call")
    connect(server)
    assert answer_to(ana, "Where is A-1001?").outcome is Outcome.UNKNOWN


def test_a_model_that_only_calls_tools_is_stopped(
    ana: OpenedSession, server: ModelServer, tools: list[Tools], delivery: Any
) -> None:
    server.plays("only_tools")
    connect(server)
    answer = answer_to(ana)
    assert len(tools[0].called) == dialogue.STEPS
    assert answer.outcome is Outcome.ANSWERED


BAD = [
    "wrong_key",
    "busy",
    "failing",
    "late",
    "silent",
    "cut",
    "ended",
    "error_in_stream",
    "no_json",
    "empty_choices",
    "no_text",
    "garbage",
    "length",
    "content_filter",
]


@pytest.mark.parametrize("name", BAD)
def test_the_knowledge_base_answers_where_every_model_fails(
    name: str, ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    server.plays(name)
    server.retry_after = "60"
    connect(server, first_token_timeout=0.3)
    answer = answer_to(ana)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text == "Delivery takes two to four working days."


@pytest.mark.parametrize("name", BAD)
def test_a_person_comes_where_neither_a_model_nor_the_knowledge_base_helps(
    name: str, ana: OpenedSession, server: ModelServer
) -> None:
    server.plays(name)
    server.retry_after = "60"
    connect(server, first_token_timeout=0.3)
    answer = answer_to(ana, "Can I pay with seashells?")
    assert (answer.outcome, answer.trigger) == (Outcome.HANDOFF_REQUESTED, Trigger.FAILURE)


@pytest.mark.parametrize("name", BAD)
def test_the_next_model_answers_where_one_fails(
    name: str, ana: OpenedSession, server: ModelServer, other_server: ModelServer, delivery: Any
) -> None:
    server.plays(name)
    server.retry_after = "60"
    other_server.text = "Two to four working days [1]."
    connect(server, position=1, first_token_timeout=0.3)
    connect(other_server, position=2)
    parts = parts_for(ana)
    assert displayed(parts) == "Two to four working days [1]."
    assert isinstance(parts[-1], Answer)
    assert parts[-1].text == "Two to four working days [1]."


def test_used_up_tokens_are_answered_without_a_model_and_without_a_person(
    tenant: Tenant, ana: OpenedSession, server: ModelServer
) -> None:
    connect(server)
    tenant.limits = {Metric.AI_TOKENS.value: 0}
    tenant.save()
    assert answer_to(ana, "Can I pay with seashells?").outcome is Outcome.UNKNOWN
    assert server.asked == []


def test_the_run_is_noted_with_its_calls(
    ana: OpenedSession, server: ModelServer, delivery: Any
) -> None:
    connect(server)
    answer_to(ana)
    (call,) = calls()
    assert call.run_id is not None
    assert call.purpose == "answer"
