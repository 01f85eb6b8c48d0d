"""What is hidden before a message is stored, and what is not stored at all."""

from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from chatbot.conversations import authors, services
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.models import Hit, Original
from chatbot.moderation.runtime_settings import ModerationSettings
from chatbot.moderation.screening import TextBlocked
from chatbot.moderation.selectors import found_in, original_of
from chatbot.moderation.tests.factories import listed
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.configuration.testing import configured
from chatplatform.tenants.models import Tenant
from realtime.models import Event

pytestmark = [pytest.mark.urls("chatplatform.urls.chatbot"), pytest.mark.django_db]

CARD = "4111 1111 1111 1111"


def say(ana: OpenedSession, text: str, client_id: str = "") -> Message:
    author = authors.customer(ana.customer)
    return services.post_message(
        conversation=ana.conversation, author=author, text=text, client_id=client_id
    ).message


def test_what_is_hidden_is_nowhere_in_the_clear(in_tenant: Tenant, ana: OpenedSession) -> None:
    listed(in_tenant, "傻逼")
    message = say(ana, f"傻-逼, my card is {CARD} 😀")
    assert message.text == "***, my card is ************1111 😀"
    stored = [*Message.objects.values(), *Event.objects.values(), *AuditEntry.objects.values()]
    stored += [*Hit.objects.values()]
    assert CARD not in str(stored)
    assert original_of(message).text == f"傻-逼, my card is {CARD} 😀"  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM moderation_original")
        assert "card" not in str(cursor.fetchall())


def test_sent_again_it_is_the_same_message(in_tenant: Tenant, ana: OpenedSession) -> None:
    first = say(ana, f"card {CARD}", "c-1")
    assert say(ana, f"card {CARD}", "c-1") == first
    assert Original.objects.count() == 1


def test_what_must_not_be_said_is_refused_and_remembered(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "bad word", Action.BLOCK)
    with pytest.raises(TextBlocked) as refused:
        say(ana, "one B-A-D word, 13812345678")
    (error,) = refused.value.extra["errors"]
    assert error["message"] == "Please leave this out: B-A-D word"
    assert (error["field"], error["code"]) == ("text", "blocked_words")
    assert Message.objects.count() == 0
    hit = Hit.objects.get()
    assert (hit.message, hit.conversation) == (None, ana.conversation)
    assert hit.excerpt == "one **********, 138****5678"


def test_over_http_it_is_a_problem_that_names_the_words(
    in_tenant: Tenant, visitor: Visitor
) -> None:
    listed(in_tenant, "bad", Action.BLOCK)
    answer = visitor.send("/messages", {"text": "bad"})
    assert (answer.status_code, answer.json()["code"]) == (400, "text_blocked")
    assert answer.json()["errors"][0]["message"] == "Please leave this out: bad"


def test_what_was_said_before_the_word_was_listed_stays_said(
    in_tenant: Tenant, ana: OpenedSession
) -> None:
    first = say(ana, "bad", "c-1")
    listed(in_tenant, "bad", Action.BLOCK)
    assert say(ana, "bad", "c-1") == first


def test_agents_are_refused_as_well_and_the_ai_by_the_same_error(
    in_tenant: Tenant, ana: OpenedSession, ben: User
) -> None:
    listed(in_tenant, "promise", Action.BLOCK, speakers=frozenset({Speaker.AGENT, Speaker.AI}))
    assert say(ana, "do you promise?").text == "do you promise?"
    for author in (authors.ai(), authors.agent(ben)):
        with pytest.raises(TextBlocked):
            services.post_message(conversation=ana.conversation, author=author, text="I promise")


def test_the_topics_of_a_message_are_known(in_tenant: Tenant, ana: OpenedSession) -> None:
    listed(in_tenant, "lawyer", Action.REVIEW, category="legal")
    listed(in_tenant, "律师", Action.REVIEW, category="legal")
    listed(in_tenant, "journalist", Action.ALERT, category="media")
    message = say(ana, "My lawyer (律师) knows a journalist, my lawyer does")
    assert message.text == "My lawyer (律师) knows a journalist, my lawyer does"
    assert found_in(message).topics == {"legal", "media"}
    assert Hit.objects.count() == 3
    assert found_in(say(ana, "hello")).topics == frozenset()


def test_a_tenant_may_leave_numbers_as_they_are(in_tenant: Tenant, ana: OpenedSession) -> None:
    with configured(ModerationSettings, in_tenant, hides_phones=False):
        assert say(ana, f"13812345678 {CARD}").text == "13812345678 ************1111"


def test_the_neighbours_words_are_not_ours(
    in_tenant: Tenant, other_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(other_tenant, "hello")
    assert say(ana, "hello").text == "hello"


def test_why_she_wants_a_person_and_her_name_are_screened_too(in_tenant: Tenant) -> None:
    listed(in_tenant, "bad", Action.BLOCK)
    opened = services.open_session(tenant=in_tenant, name="Bad Ana 13812345678")
    assert opened.customer.name == "*** Ana 138****5678"
    services.request_transfer(
        conversation=opened.conversation,
        actor=authors.customer(opened.customer),
        reason=f"bad card {CARD}",
    )
    opened.conversation.refresh_from_db()
    assert opened.conversation.transfer_reason == "*** card ************1111"
    assert CARD not in str([*Event.objects.values(), *AuditEntry.objects.values()])


def test_supervisors_hear_of_what_alerts_and_agents_do_not(
    in_tenant: Tenant, ana: OpenedSession, ben: User, cleo: User, sam: User
) -> None:
    listed(in_tenant, "suicide", Action.ALERT, category="self-harm")
    message = say(ana, "I think of suicide, 13812345678")
    (event,) = Event.objects.filter(type="moderation_alert")
    assert event.channels == [f"sse:agent:{cleo.pk}"]
    assert '"category":"self-harm"' in event.data
    assert f'"message_id":{message.pk}' in event.data
    assert "13812345678" not in event.data


def test_a_message_in_which_nothing_is_found_costs_nothing_more(
    in_tenant: Tenant, ana: OpenedSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed(in_tenant, "bad")
    say(ana, "warm")
    with django_assert_num_queries(8) as plain:
        say(ana, "hello")
    with django_assert_num_queries(len(plain) + 2):  # the original, the hit
        say(ana, "bad")


def test_a_change_of_the_words_holds_in_this_process_at_once_and_in_others_soon(
    in_tenant: Tenant, ana: OpenedSession, django_capture_on_commit_callbacks: Any
) -> None:
    from chatbot.moderation import word_lists
    from chatbot.moderation.models import Edition
    from chatplatform.kernel.editions import Editions

    theirs = Editions(Edition, word_lists._build, most=4)
    assert theirs.latest(in_tenant).longest == 0
    listed(in_tenant, "bad")
    assert say(ana, "bad").text == "***"
    theirs.look()
    assert theirs.latest(in_tenant).longest == 3
