"""What a message asks of the database, however long the conversation: more is a regression."""

import pytest
from pytest_django import DjangoAssertNumQueries

from chatbot.conversations import authors, services
from chatbot.conversations.frames import carry_out
from chatbot.conversations.services import OpenedSession
from chatbot.conversations.tests.conftest import Visitor
from chatbot.conversations.tests.factories import MessageFactory
from chatplatform.accounts.models import User
from chatplatform.tenants.models import Tenant

pytestmark = [pytest.mark.urls("chatplatform.urls.chatbot"), pytest.mark.django_db]

# Whose session; begin; the conversation's row, the message, its audit line; the log's row, the
# event; commit.
QUERIES = 8


@pytest.fixture(params=[1, 20])
def served(request: pytest.FixtureRequest, in_tenant: Tenant, ana: OpenedSession, ben: User) -> int:
    """Ana and Ben in conversation, with one message or twenty."""
    services.request_transfer(conversation=ana.conversation, actor=authors.customer(ana.customer))
    services.accept_conversation(conversation=ana.conversation, agent=ben)
    MessageFactory.create_batch(request.param, conversation=ana.conversation)
    return int(request.param)


def test_over_http_it_costs_as_many_queries_however_long_the_conversation(
    served: int, visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES):
        answer = visitor.send("/messages", {"text": "Hello", "client_id": "c-1"})
    assert answer.status_code == 201


def test_over_the_socket_it_costs_the_same(
    served: int, ana: OpenedSession, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    frame = {"type": "message", "text": "Hello", "client_id": "c-1"}
    with django_assert_num_queries(QUERIES):
        answer = carry_out(ana.token, ana.conversation.name, frame)
    assert answer is not None
    assert answer["type"] == "ack"


def test_to_the_ai_it_costs_one_more_for_the_run_that_answers(
    in_tenant: Tenant, visitor: Visitor, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(QUERIES + 1):
        assert visitor.send("/messages", {"text": "Hello"}).status_code == 201
