from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import (
    OpenedSession,
    PostedMessage,
    SessionClosed,
    StateConflict,
    message_posted,
)
from chatbot.conversations.states import State
from chatbot.conversations.tests.racing import together
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant
from realtime.testing import published


def say(ana: OpenedSession, text: Any, **more: Any) -> PostedMessage:
    customer = authors.customer(ana.customer)
    return services.post_message(conversation=ana.conversation, author=customer, text=text, **more)


@pytest.mark.parametrize(
    "text",
    [
        "  spaces kept \n\t at both ends  ",
        "你好，我想退货 🙏🏽",
        "👨‍👩‍👧‍👦 é (e + accent) \u202eright to left",
        "<script>alert(1)</script> & 'quotes' \"double\" \\ % {braces}",
        "x",
        "字" * 10_000,
        "😀" * 10_000,
    ],
)
def test_a_text_is_kept_exactly_as_typed(in_tenant: Tenant, ana: OpenedSession, text: str) -> None:
    posted = say(ana, text)
    assert Message.objects.get(pk=posted.message.pk).text == text
    assert published("shop")[-1].payload["text"] == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "string_too_short"),
        (" \n\t\u3000", "text_blank"),
        ("x" * 10_001, "string_too_long"),
        ("a\x00b", "text_nul"),
        ("a\ud800b", "string_unicode"),
        (None, "string_type"),
        (7, "string_type"),
        (["text"], "string_type"),
        (b"bytes", "string_type"),
    ],
)
def test_what_is_no_text_is_refused_and_leaves_no_trace(
    in_tenant: Tenant, ana: OpenedSession, text: Any, code: str
) -> None:
    before = len(published("shop"))
    with pytest.raises(InvalidInput) as refused:
        say(ana, text)
    faults = refused.value.extra["errors"]
    assert {fault["field"] for fault in faults} == {"text"}
    assert code in {fault["code"] for fault in faults}
    assert not Message.objects.exists()
    assert len(published("shop")) == before


def test_the_same_client_id_gives_the_same_message_and_no_second_event(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    first = say(ana, "Hello", client_id="c-1")
    before = len(published("shop"))
    again = say(ana, "Hello", client_id="c-1")
    assert (first.created, again.created) == (True, False)
    assert again.message == first.message
    assert len(published("shop")) == before
    assert AuditEntry.objects.filter(action="message.post").count() == 1


def test_messages_without_a_client_id_are_all_different(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    assert say(ana, "Hello").message != say(ana, "Hello").message


def test_customer_and_agent_may_use_the_same_client_id(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    mine = say(ana, "Hello", client_id="1")
    services.request_transfer(conversation=ana.conversation, actor=authors.customer(ana.customer))
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    his = services.post_message(
        conversation=ana.conversation, author=authors.agent(ben), text="Hi", client_id="1"
    )
    assert his.created
    assert his.message != mine.message


def test_a_message_sent_again_after_the_agent_lost_the_conversation_is_still_the_same(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    customer, agent = authors.customer(ana.customer), authors.agent(ben)
    services.request_transfer(conversation=ana.conversation, actor=customer)
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    sent = services.post_message(
        conversation=ana.conversation, author=agent, text="Hi", client_id="1"
    )
    services.return_to_ai(conversation=ana.conversation, agent=ben)
    again = services.post_message(
        conversation=ana.conversation, author=agent, text="Hi", client_id="1"
    )
    assert (again.message, again.created) == (sent.message, False)


@pytest.mark.parametrize("hours", [1, 25])
def test_a_message_sent_again_after_the_end_is_still_the_same_and_reopens_nothing(
    in_tenant: Tenant, ana: OpenedSession, hours: int
) -> None:
    sent = say(ana, "Hello", client_id="c-1")
    services.close_conversation(conversation=ana.conversation, actor=authors.customer(ana.customer))
    Conversation.objects.update(resolved_at=timezone.now() - timedelta(hours=hours))
    before = len(published("shop"))
    again = say(ana, "Hello", client_id="c-1")
    assert (again.message, again.created) == (sent.message, False)
    assert Conversation.objects.get(pk=ana.conversation.pk).state == State.RESOLVED
    assert len(published("shop")) == before


def test_a_message_sent_again_leaves_the_conversation_as_it_was(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    say(ana, "Hello", client_id="c-1")
    before = Conversation.objects.values().get(pk=ana.conversation.pk)
    say(ana, "Hello", client_id="c-1")
    assert Conversation.objects.values().get(pk=ana.conversation.pk) == before


@pytest.mark.django_db(transaction=True)
def test_the_same_message_sent_at_the_same_moment_is_one(
    tenant: Tenant, ana: OpenedSession
) -> None:
    results = together(tenant, *[lambda: say(ana, "Hello", client_id="c-1")] * 4)
    assert sorted(result.created for result in results) == [False, False, False, True]
    assert len({result.message.pk for result in results}) == 1
    assert [event.type for event in published("shop")] == ["new_session", "new_message"]


@pytest.mark.django_db(transaction=True)
def test_ids_and_events_of_messages_sent_at_once_are_in_the_same_order(
    tenant: Tenant, ana: OpenedSession
) -> None:
    results = together(tenant, *[lambda: say(ana, "Hello")] * 6)
    ids = [event.payload["id"] for event in published("shop") if event.type == "new_message"]
    assert ids == sorted(result.message.pk for result in results)


def test_the_ai_speaks_while_it_has_the_conversation(in_tenant: Tenant, ana: OpenedSession) -> None:
    posted = services.post_message(
        conversation=ana.conversation,
        author=authors.ai(),
        text="An answer",
        data={"sources": [1]},
        expected_version=1,
    )
    event = published("shop")[-1]
    assert posted.message.author_name == "AI assistant"
    assert event.source == "ai_chatbot"
    assert event.payload["author"] == {"kind": "ai", "name": "AI assistant"}
    assert event.payload["data"] == {"sources": [1]}


def test_a_late_answer_of_the_ai_is_dropped(in_tenant: Tenant, ana: OpenedSession) -> None:
    version = ana.conversation.version
    customer = authors.customer(ana.customer)
    services.request_transfer(conversation=ana.conversation, actor=customer)
    services.cancel_transfer(conversation=ana.conversation, actor=customer)
    with pytest.raises(StateConflict):
        services.post_message(
            conversation=ana.conversation,
            author=authors.ai(),
            text="An answer to an older question",
            expected_version=version,
        )


def test_the_ai_is_silent_while_a_person_is_asked_for(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    customer = authors.customer(ana.customer)
    services.request_transfer(conversation=ana.conversation, actor=customer)
    with pytest.raises(StateConflict):
        services.post_message(conversation=ana.conversation, author=authors.ai(), text="Wait")


def test_a_waiting_customer_may_write(in_tenant: Tenant, ana: OpenedSession) -> None:
    services.request_transfer(conversation=ana.conversation, actor=authors.customer(ana.customer))
    assert say(ana, "Hurry, please").created
    ana.conversation.refresh_from_db()
    assert ana.conversation.state == State.QUEUED


def test_a_customer_who_writes_again_within_a_day_goes_on_with_the_ai(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    services.close_conversation(conversation=ana.conversation, actor=authors.customer(ana.customer))
    say(ana, "One more thing")
    ana.conversation.refresh_from_db()
    assert (ana.conversation.state, ana.conversation.version) == (State.AI_ACTIVE, 3)
    codes = Message.objects.order_by("id").values_list("code", "text")
    assert [code for code, _text in codes][-2:] == ["reopened", ""]
    assert published("shop")[-3].payload["reason"] == "reopen"


def test_a_customer_who_comes_back_too_late_is_told_to_start_anew(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    services.close_conversation(conversation=ana.conversation, actor=authors.customer(ana.customer))
    long_ago = timezone.now() - timedelta(hours=25)
    Conversation.objects.update(resolved_at=long_ago, last_message_at=long_ago)
    with pytest.raises(SessionClosed) as closed:
        say(ana, "Hello?")
    ana.conversation.refresh_from_db()
    assert (closed.value.code, closed.value.status) == ("session_closed", 409)
    assert ana.conversation.last_message_at == long_ago


def test_a_receiver_of_the_signal_takes_part_in_the_transaction(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    def fail(**_signal: Any) -> None:
        raise RuntimeError

    message_posted.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            say(ana, "Hello")
    finally:
        message_posted.disconnect(fail)
    assert not Message.objects.exists()
    assert [event.type for event in published("shop")] == ["new_session"]


def test_the_signal_knows_the_conversation_as_it_is_now(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    heard: list[tuple[str, str, int]] = []

    def hear(message: Message, conversation: Conversation, **_signal: Any) -> None:
        heard.append((message.text, conversation.state, conversation.version))

    stale = Conversation.objects.get(pk=ana.conversation.pk)
    services.close_conversation(conversation=ana.conversation, actor=authors.customer(ana.customer))
    message_posted.connect(hear)
    try:
        services.post_message(
            conversation=stale, author=authors.customer(ana.customer), text="Hello"
        )
    finally:
        message_posted.disconnect(hear)
    assert heard == [("Hello", State.AI_ACTIVE, 3)]


def test_typing_is_told_but_not_kept(in_tenant: Tenant, ana: OpenedSession) -> None:
    before = len(published("shop"))
    services.announce_typing(conversation=ana.conversation, author=authors.customer(ana.customer))
    assert len(published("shop")) == before


def test_a_message_of_another_tenants_conversation_does_not_exist(
    ana: OpenedSession, other_tenant: Tenant
) -> None:
    with tenant_scope(other_tenant), pytest.raises(Conversation.DoesNotExist):
        say(ana, "Hello")
