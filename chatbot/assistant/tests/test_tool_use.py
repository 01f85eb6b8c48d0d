"""The demo's tools, used by customers without any model."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chatbot.assistant.answerer import Answer, Outcome, Question
from chatbot.assistant.embedded.answerer import found_for, given
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation, Message
from chatbot.knowledge.demo import seed_demo_articles
from chatbot.tools.demo import seed_demo_tools
from chatbot.tools.models import ToolCall
from chatplatform.tenants.models import Tenant
from realtime.threads import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def conversation(in_tenant: Tenant) -> Conversation:
    seed_demo_articles(in_tenant)
    seed_demo_tools(in_tenant)
    return conversations.open_session(tenant=in_tenant, name="Ana").conversation


def say(conversation: Conversation, text: str, *, run: int = 1) -> Answer:
    """What the assistant answers; both are then in the thread."""
    author = authors.customer(conversation.customer)
    conversations.post_message(conversation=conversation, author=author, text=text)
    question = Question(
        tenant=conversation.tenant,
        session_name=conversation.name,
        text=text,
        language=conversation.language,
        run=run,
        conversation=conversation,
    )

    async def collected() -> Answer:
        return await given(await in_thread(found_for, question), question)

    # As the runner's thread does it: no tenant's scope is open there.
    with ThreadPoolExecutor(1) as elsewhere:
        answer = elsewhere.submit(asyncio.run, collected()).result()
    if answer.text:
        data = answer.data()
        conversations.post_message(
            conversation=conversation, author=authors.ai(), text=answer.text, data=data
        )
    return answer


@pytest.mark.parametrize(
    "text",
    [
        "Where is my order 10001?",
        "status of order 10001",
        "Has 10001 been shipped?",
        "where's order #10001",
        "订单10001到哪了",
        "查一下我的订单 10001",
    ],
)
def test_an_order_is_looked_up(conversation: Conversation, text: str) -> None:
    answer = say(conversation, text)
    assert answer.outcome is Outcome.ANSWERED
    assert "10001" in answer.text
    assert ToolCall.objects.get().status == "ok"


def test_the_answer_is_a_sentence(conversation: Conversation) -> None:
    answer = say(conversation, "Where is my order 10001?")
    assert answer.text == "Order 10001 (Heron kettle, ¥268.00): on its way."


def test_what_is_missing_is_asked_for(conversation: Conversation) -> None:
    asked = say(conversation, "Send my order to another address please, order 10002")
    assert asked.text == "What is the new address?"
    done = say(conversation, "9 New Street, Hangzhou", run=2)
    assert done.text == "I'll do that as soon as you have confirmed it."
    call = ToolCall.objects.get()
    assert call.arguments == {"order_number": "10002", "address": "9 New Street, Hangzhou"}


def test_a_question_in_between_is_answered_instead(conversation: Conversation) -> None:
    say(conversation, "Refund my order")
    assert say(conversation, "How long does delivery take?", run=2).sources
    assert not ToolCall.objects.exists()


def test_another_wish_is_no_argument_of_the_first(conversation: Conversation) -> None:
    say(conversation, "Send order 10002 to another address")
    say(conversation, "Where is my order 10001?", run=2)
    assert list(ToolCall.objects.values_list("tool_name", flat=True)) == ["order_status"]


def test_a_number_in_the_address_is_not_the_order(conversation: Conversation) -> None:
    say(conversation, "Send order 10002 to another address")
    say(conversation, "3 Mill Lane, 10115 Berlin", run=2)
    asked = ToolCall.objects.get().arguments
    assert asked == {"order_number": "10002", "address": "3 Mill Lane, 10115 Berlin"}


def test_money_is_not_paid_without_an_agent(conversation: Conversation) -> None:
    answer = say(conversation, "I want my money back for order 10003")
    assert answer.text.startswith("A colleague has to approve that.")
    assert Message.objects.filter(code="tool_approval").count() == 1


def test_anothers_order_is_as_unknown_as_none(conversation: Conversation, in_tenant: Any) -> None:
    theirs = say(conversation, "Where is my order 10004?")
    nobodys = say(conversation, "Where is my order 19999?", run=2)
    assert theirs.text == nobodys.text
    assert theirs.outcome is Outcome.UNKNOWN
    known = conversations.open_session(tenant=in_tenant, email="ana@example.com").conversation
    assert "Ember lamp" in say(known, "Where is my order 10004?", run=3).text


def test_what_articles_answer_is_no_wish_for_a_tool(conversation: Conversation) -> None:
    for question in ("How do I cancel my order?", "Where is my order?", "运费多少钱？"):
        assert not say(conversation, question).asks
    assert not ToolCall.objects.exists()


def test_a_wish_for_a_person_is_no_argument(conversation: Conversation) -> None:
    say(conversation, "Send order 10002 to another address")
    assert say(conversation, "Talk to a person", run=2).outcome is Outcome.HANDOFF_REQUESTED
