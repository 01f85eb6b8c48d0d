"""The brief that is there on every handoff, whatever else is down."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils.translation import override

from chatbot.assistant import services
from chatbot.assistant.answerer import Answer, Outcome, Source
from chatbot.assistant.briefs.facts import facts_in, is_said
from chatbot.assistant.models import HandoffBrief
from chatbot.assistant.tests.factories import ask, claimed
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.models import Conversation
from chatbot.conversations.services import OpenedSession
from chatbot.tools.choices import CallStatus
from chatbot.tools.models import ToolCall
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.tenants.models import Tenant

SOURCE = Source(1, "Delivery", "", "Two days.", "https://shop.example/help/delivery", 1, "x")


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with override("en"):
        yield


def talk(conversation: Conversation, *exchanges: tuple[str, Answer]) -> None:
    for text, answer in exchanges:
        ask(conversation, text)
        services.finish_run(run=claimed(), answer=answer)


def press_the_button(conversation: Conversation, reason: str = "") -> HandoffBrief:
    with tenant_scope(conversation.tenant):
        conversations.request_transfer(
            conversation=conversation,
            actor=authors.customer(conversation.customer),
            reason=reason,
        )
    return the_brief()


def the_brief() -> HandoffBrief:
    with all_tenants():
        found: HandoffBrief = HandoffBrief.objects.latest("pk")
    return found


def test_it_tells_what_for_what_was_tried_and_what_is_open(ana: OpenedSession) -> None:
    unknown = Answer("I don't know.", Outcome.UNKNOWN)
    talk(
        ana.conversation,
        ("Hello", Answer("Hello!", Outcome.GREETING)),
        ("How long does delivery take?", Answer("2 days", Outcome.ANSWERED, sources=(SOURCE,))),
        ("And for order 4711-22, 39,90 €?", unknown),
    )
    brief = press_the_button(ana.conversation)
    assert brief.goal == "How long does delivery take?"
    assert brief.worded_steps == [
        "Answered “How long does delivery take?” from “Delivery”",
        "Had no answer to “And for order 4711-22, 39,90 €?”",
    ]
    assert brief.sources == [{"title": "Delivery", "url": SOURCE.url}]
    assert brief.open_question == "And for order 4711-22, 39,90 €?"
    assert brief.worded_facts[:2] == [
        {"label": "Name", "value": "Ana", "confirmed": True},
        {"label": "Order number", "value": "4711-22", "confirmed": True},
    ]
    assert (brief.trigger, brief.mood, brief.made_by) == ("asked", "calm", "template")
    assert brief.suggested_reply.startswith("Hello Ana,")
    assert "And for order 4711-22" in brief.suggested_reply


@pytest.mark.parametrize("reason", ["", "My parcel is lost"])
def test_the_button_alone_makes_a_brief_too(ana: OpenedSession, reason: str) -> None:
    brief = press_the_button(ana.conversation, reason)
    assert (brief.goal, brief.open_question, brief.tried) == (reason, "", [])
    assert brief.suggested_reply


def test_who_only_wants_a_person_is_asked_what_for(ana: OpenedSession) -> None:
    ask(ana.conversation, "Get me a human please")
    services.begin_run(run=claimed())
    brief = the_brief()
    assert (brief.goal, brief.open_question) == ("", "")
    assert brief.suggested_reply.endswith("How can I help you?")


def test_the_wish_for_a_person_is_no_goal(ana: OpenedSession) -> None:
    ask(ana.conversation, "My lamp flickers")
    services.finish_run(run=claimed(), answer=Answer("Sorry?", Outcome.UNSURE))
    ask(ana.conversation, "Talk to a person")
    services.begin_run(run=claimed())
    brief = the_brief()
    assert (brief.goal, brief.open_question) == ("My lamp flickers", "My lamp flickers")


def test_agents_read_it_in_their_language_customers_the_reply_in_theirs(tenant: Tenant) -> None:
    session = conversations.open_session(tenant=tenant, name="小李", language="zh-hans")
    brief = press_the_button(session.conversation)
    assert brief.suggested_reply.startswith("小李")
    for language, label in (("en", "Name"), ("zh-hans", "姓名")):
        with override(language):
            assert brief.worded_facts[0]["label"] == label


def test_what_tools_did_was_tried_too(ana: OpenedSession) -> None:
    with tenant_scope(ana.conversation.tenant):
        ToolCall.objects.create(
            tenant=ana.conversation.tenant,
            conversation=ana.conversation,
            tool_name="order_status",
            title="Order status",
            status=CallStatus.FAILED,
            idempotency_key="k-1",
        )
    assert press_the_button(ana.conversation).worded_steps == ["Order status: failed"]


def test_every_transfer_has_its_own(ana: OpenedSession) -> None:
    press_the_button(ana.conversation)
    with tenant_scope(ana.conversation.tenant):
        conversations.time_out_wait(ana.conversation)
    press_the_button(ana.conversation)
    with all_tenants():
        assert HandoffBrief.objects.count() == 2


def test_an_upset_word_is_not_forgotten_by_the_next_short_one(ana: OpenedSession) -> None:
    for text in ("You are useless, this is a scam!!!", "yes"):
        ask(ana.conversation, text)
    assert press_the_button(ana.conversation).mood == "upset"


@pytest.mark.parametrize("length", [1, 30])
def test_it_costs_three_queries_however_long_the_conversation(
    ana: OpenedSession, length: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    from chatbot.assistant.briefs.services import write_brief

    for number in range(length):
        ask(ana.conversation, f"Question {number}")
    with tenant_scope(ana.conversation.tenant), django_assert_num_queries(3):
        write_brief(conversation=ana.conversation, trigger="asked")


@pytest.mark.parametrize("answer", ["rubbish", {"sources": 7}, {"sources": [None, 3]}])
def test_answers_of_another_shape_do_no_harm(ana: OpenedSession, answer: Any) -> None:
    ask(ana.conversation, "Hm, and the delivery?")
    with tenant_scope(ana.conversation.tenant):
        data = answer if isinstance(answer, dict) else {"sources": answer}
        conversations.post_message(
            conversation=ana.conversation, author=authors.ai(), text="Soon.", data=data
        )
    assert press_the_button(ana.conversation).sources == []


@pytest.mark.parametrize(
    ("text", "label", "value"),
    [
        ("my order number is A-1001", "order", "A-1001"),
        ("Order #12345678 is late", "order", "12345678"),
        ("订单号：2024110512345 还没到", "order", "2024110512345"),
        ("运单号 SF1234567890123", "tracking", "SF1234567890123"),
        ("I paid $39.90 twice", "amount", "$39.90"),
        ("一共 128元", "amount", "128元"),
        ("write to ana@shop.example", "email", "ana@shop.example"),
        ("我的电话 138****5678", "phone", "138****5678"),
    ],
)
def test_facts_are_found_in_what_she_says(text: str, label: str, value: str) -> None:
    assert (label, value) in {(fact.label, fact.value) for fact in facts_in([text])}


@pytest.mark.parametrize("text", ["in order to return it", "order now", "我要下订单", "5 days", ""])
def test_what_is_no_fact_is_not_found(text: str) -> None:
    assert facts_in([text]) == []


def test_said_is_what_she_said_herself() -> None:
    assert is_said("red  LAMP", ["I want a Red lamp"])
    assert not is_said("blue lamp", ["I want a red lamp"])
    assert not is_said("", ["anything"])
