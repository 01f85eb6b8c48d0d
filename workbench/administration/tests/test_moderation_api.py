import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chatbot.conversations import authors, services
from chatbot.conversations.models import Message
from chatbot.conversations.services import OpenedSession
from chatbot.moderation.choices import Action
from chatbot.moderation.models import AllowedPhrase, SensitiveWord
from chatbot.moderation.tests.factories import listed
from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.tenants.models import Tenant
from tests.cast import person

API = "/api/v1/moderation"


class Caller:
    """Somebody who is signed in, speaking JSON."""

    def __init__(self, client: Client, user: User) -> None:
        client.force_login(user)
        self.client = client

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        return self.client.generic(
            method,
            path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
        )


@pytest.fixture
def ada(in_tenant: Tenant, client: Client) -> Caller:
    return Caller(client, person(in_tenant, "ada", role="administrator"))


@pytest.fixture
def supervisor(cleo: User, in_tenant: Tenant, client: Client) -> Caller:
    return Caller(client, cleo)


def say(ana: OpenedSession, text: str) -> Message:
    author = authors.customer(ana.customer)
    posted = services.post_message(conversation=ana.conversation, author=author, text=text)
    return posted.message


def test_a_text_is_checked_and_nothing_kept(ada: Caller, in_tenant: Tenant) -> None:
    listed(in_tenant, "idiot", category="insult")
    answer = ada("POST", f"{API}/check", {"text": "I-DIOT, call 13812345678"})
    assert answer.json() == {
        "text": "******, call 138****5678",
        "normalised": "idiotcall13812345678",
        "blocked": False,
        "topics": ["insult"],
        "personal_data": ["phone"],
        "findings": [
            {"word": "idiot", "category": "insult", "action": "mask", "start": 0, "end": 6}
        ],
    }


def test_words_are_added_changed_found_and_deleted(
    ada: Caller, in_tenant: Tenant, ana: OpenedSession
) -> None:
    made = ada("POST", f"{API}/words", {"word": "Idiot", "applies_to": ["customer"]})
    assert made.status_code == 201
    assert made.json()["applies_to"] == ["customer"]
    assert say(ana, "idiot").text == "*****"
    one = f"{API}/words/{made.json()['id']}"
    changed = ada("PATCH", one, {"action": "review", "category": "insult"}).json()
    assert (changed["word"], changed["action"], changed["category"]) == (
        "Idiot",
        "review",
        "insult",
    )
    listed(in_tenant, "other")
    found = ada("GET", f"{API}/words?q=idi&category=insult&action=review").json()["results"]
    assert [word["word"] for word in found] == ["Idiot"]
    assert ada("DELETE", one).status_code == 204
    assert ada("DELETE", one).status_code == 404


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"word": ""}, "text_blank"),
        ({"word": "x" * 1000}, "string_too_long"),
        ({"word": "?!"}, "word_of_signs"),
        ({"word": "ＢＡＤ"}, "word_known"),
        ({"word": "x y", "applies_to": []}, "too_short"),
        ({"word": "x y", "action": "explode"}, "literal_error"),
        ({"word": "x y", "more": 1}, "extra_forbidden"),
    ],
)
def test_a_word_that_is_none_is_refused(
    ada: Caller, in_tenant: Tenant, body: dict[str, Any], code: str
) -> None:
    listed(in_tenant, "bad")
    answer = ada("POST", f"{API}/words", body)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == code
    assert SensitiveWord.objects.count() == 1


def test_hits_are_listed_and_judged(
    supervisor: Caller, in_tenant: Tenant, ana: OpenedSession
) -> None:
    listed(in_tenant, "dick", Action.REVIEW, category="insult")
    message = say(ana, "I read Dick Tracy, always")
    (hit,) = supervisor("GET", f"{API}/hits?verdict=open&action=review").json()["results"]
    assert (hit["message_id"], hit["session_name"]) == (message.pk, ana.conversation.name)
    assert hit["excerpt"] == "I read Dick Tracy, always"
    body = {"verdict": "false_alarm", "phrase": "Dick Tracy"}
    judged = supervisor("POST", f"{API}/hits/{hit['id']}/verdict", body).json()
    assert (judged["verdict"], judged["reviewer"]) == ("false_alarm", "cleo")
    assert AllowedPhrase.objects.get().phrase == "Dick Tracy"
    assert supervisor("GET", f"{API}/hits?verdict=open").json()["results"] == []


def test_the_original_is_read_for_a_reason(
    ada: Caller, in_tenant: Tenant, ana: OpenedSession
) -> None:
    message = say(ana, "call 13812345678")
    at = f"/api/v1/messages/{message.pk}/reveal"
    assert ada("POST", at, {"reason": " "}).status_code == 400
    answer = ada("POST", at, {"reason": "to call her back"})
    assert answer.json() == {"message_id": message.pk, "text": "call 13812345678"}
    assert AuditEntry.objects.get(action="message.reveal").data == {"reason": "to call her back"}
    plain = say(ana, "hello")
    assert ada("POST", f"/api/v1/messages/{plain.pk}/reveal", {"reason": "x"}).status_code == 404


def test_each_call_needs_its_right(
    ben: User, client: Client, in_tenant: Tenant, ana: OpenedSession
) -> None:
    word = listed(in_tenant, "bad")
    message = say(ana, "call 13812345678")
    bens = Caller(client, ben)
    calls = [
        ("POST", f"{API}/check", {"text": "x"}),
        ("GET", f"{API}/words", None),
        ("POST", f"{API}/words", {"word": "more"}),
        ("PATCH", f"{API}/words/{word.pk}", {"enabled": False}),
        ("DELETE", f"{API}/words/{word.pk}", None),
        ("GET", f"{API}/hits", None),
        ("POST", f"/api/v1/messages/{message.pk}/reveal", {"reason": "curious"}),
    ]
    assert [bens(*call).status_code for call in calls] == [403] * len(calls)


def test_supervisors_review_and_change_no_words_and_reveal_nothing(
    supervisor: Caller, in_tenant: Tenant, ana: OpenedSession
) -> None:
    message = say(ana, "call 13812345678")
    assert supervisor("POST", f"{API}/words", {"word": "more"}).status_code == 403
    reveal = f"/api/v1/messages/{message.pk}/reveal"
    assert supervisor("POST", reveal, {"reason": "curious"}).status_code == 403


@pytest.mark.parametrize("path", ["words", "hits"])
def test_lists_cost_the_same_however_long(
    ada: Caller, in_tenant: Tenant, ana: OpenedSession, path: str
) -> None:
    def cost(*numbers: int) -> int:
        for number in numbers:
            listed(in_tenant, f"word{number}")
            say(ana, f"word{number}")
        with CaptureQueriesContext(connection) as spent:
            assert ada("GET", f"{API}/{path}").status_code == 200
        return len(spent)

    cost(0)
    assert cost() == cost(*range(1, 21))
