from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db.models import Q
from django.test import Client
from pytest_django import Settings

from chatbot.assistant import services
from chatbot.assistant.tests.factories import ANSWER, ask, claimed
from chatbot.conversations import authors
from chatbot.conversations import services as conversations
from chatbot.conversations.services import OpenedSession
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.tests.factories import give, role
from chatplatform.tenants.models import Tenant


@pytest.fixture
def reader(client: Client, tenant: Tenant) -> Client:
    user = User.objects.create_user("eva", tenant=tenant, is_staff=True)
    give(user, role(tenant, Q(content_type__app_label="assistant")))
    client.force_login(user)
    return client


def test_the_history_shows_question_and_answer(reader: Client, ana: OpenedSession) -> None:
    ask(ana.conversation, "Is it blue?")
    services.finish_run(run=claimed(), answer=ANSWER)
    html = reader.get("/admin/assistant/run/?q=blue").content.decode()
    assert "Is it blue?" in html
    assert ANSWER.text in html


@pytest.mark.parametrize(
    ("language", "words"), [("en", ("Done", "Answered")), ("zh-hans", ("已完成", "已回答"))]
)
def test_what_became_of_a_question_is_said_in_words(
    reader: Client, ana: OpenedSession, language: str, words: tuple[str, str]
) -> None:
    ask(ana.conversation)
    services.finish_run(run=claimed(), answer=ANSWER)
    html = reader.get("/admin/assistant/run/", headers={"Accept-Language": language})
    assert all(word.lower() in html.content.decode().lower() for word in words)


def test_the_history_can_not_be_changed(reader: Client, ana: OpenedSession) -> None:
    run = ask(ana.conversation)
    assert reader.get("/admin/assistant/run/add/").status_code == 403
    assert reader.get(f"/admin/assistant/run/{run.pk}/change/").status_code == 200
    assert reader.post(f"/admin/assistant/run/{run.pk}/change/", {}).status_code == 403
    assert reader.post(f"/admin/assistant/run/{run.pk}/delete/", {}).status_code == 403


def test_the_list_costs_the_same_for_many_runs(
    reader: Client, ana: OpenedSession, django_assert_max_num_queries: object
) -> None:
    for _ in range(20):
        ask(ana.conversation)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        reader.get("/admin/assistant/run/")


def test_an_endpoint_without_the_name_of_a_model_is_warned_of(settings: Settings) -> None:
    def warned() -> bool:
        return "assistant.W001" in [message.id for message in run_checks()]

    settings.ASSISTANT_BASE_URL = ""
    assert not warned()
    settings.ASSISTANT_BASE_URL = "http://127.0.0.1:9/v1"
    assert warned()
    settings.ASSISTANT_MODEL = "m-1"
    assert not warned()


@pytest.mark.parametrize("count", [1, 20])
def test_briefs_are_listed_at_the_same_cost(
    reader: Client, tenant: Tenant, django_assert_num_queries: Callable[[int], Any], count: int
) -> None:
    for _ in range(count):
        conversation = conversations.open_session(tenant=tenant).conversation
        with tenant_scope(tenant):
            conversations.request_transfer(
                conversation=conversation,
                actor=authors.customer(conversation.customer),
                reason="My lamp is broken",
            )
    reader.get("/admin/assistant/handoffbrief/")
    with django_assert_num_queries(BRIEF_QUERIES):
        page = reader.get("/admin/assistant/handoffbrief/")
    assert page.content.decode().count("My lamp is broken") == count


BRIEF_QUERIES = 10
