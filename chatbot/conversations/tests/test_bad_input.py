"""Nothing that can be sent makes the server fail: every answer says clearly what was wrong."""

import json
from typing import Any

import pytest

from chatbot.conversations.tests.conftest import Visitor
from chatplatform.tenants.models import Tenant
from realtime.testing import published

pytestmark = [pytest.mark.urls("chatplatform.urls.chatbot"), pytest.mark.django_db]

BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"null", 400),
    (b"[]", 400),
    (b'"text"', 400),
    (b"7", 400),
    (b"NaN", 400),
    (b'{"text": NaN}', 400),
    (b'{"text": 1e999}', 400),
    (b'{"text": "\xff\xfe"}', 400),
    (b"\xef\xbb\xbf{}", 400),
    (b'{"text": "a\\ud800b"}', 400),
    (b'{"text": "a\\u0000b"}', 400),
    (b'{"text": ""}', 400),
    (b'{"text": " \\n "}', 400),
    (b'{"text": 7}', 400),
    (b'{"text": null}', 400),
    (b'{"text": ["Hello"]}', 400),
    (b'{"text": {"text": "Hello"}}', 400),
    (b'{"text": true}', 400),
    (b'{"text": "Hello", "client_id": 7}', 400),
    (b'{"text": "Hello", "client_id": "\\u0000"}', 400),
    (b'{"text": "Hello", "client_id": "\\udfff"}', 400),
    (b'{"text": "Hello", "client_id": "' + b"x" * 65 + b'"}', 400),
    (b'{"text": "Hello", "author": "agent"}', 400),
    (b'{"text": "Hello", "\\ud800": 1}', 400),
    (json.dumps({"text": "x" * 10_001}).encode(), 400),
    (b"[" * 100_000, 400),
    (b'{"text": ' + b"9" * 10_000 + b"}", 400),
    (json.dumps({"text": "x" * 1_000_000}).encode(), 413),
    (b" " * 1_000_000, 413),
]


def assert_problem(answer: Any, status: int) -> None:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = json.loads(answer.content)
    assert problem["status"] == status
    assert problem["code"]
    assert problem["detail"]


@pytest.mark.parametrize(("body", "status"), BODIES, ids=[repr(body[:40]) for body, _ in BODIES])
def test_a_message_that_is_none_is_answered_clearly_and_leaves_nothing(
    visitor: Visitor, body: bytes, status: int
) -> None:
    before = len(published("shop"))
    answer = visitor.raw("/messages", body)
    assert_problem(answer, status)
    assert len(published("shop")) == before
    assert visitor.read("/messages").json()["results"] == []


def test_10_000_characters_pass_even_as_escapes(visitor: Visitor) -> None:
    body = json.dumps({"text": "😀" * 10_000}, ensure_ascii=True).encode()
    answer = visitor.raw("/messages", body)
    assert answer.status_code == 201
    assert answer.json()["text"] == "😀" * 10_000


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "tenant"),
        ({"tenant": None}, "tenant"),
        ({"tenant": 7}, "tenant"),
        ({"tenant": ""}, "tenant"),
        ({"tenant": "shop\x00"}, "tenant"),
        ({"tenant": "shop", "customer": "Ana"}, "customer"),
        ({"tenant": "shop", "customer": None}, "customer"),
        ({"tenant": "shop", "customer": {"name": 7}}, "customer.name"),
        ({"tenant": "shop", "customer": {"name": "x" * 121}}, "customer.name"),
        ({"tenant": "shop", "customer": {"name": "a\x00"}}, "customer.name"),
        ({"tenant": "shop", "customer": {"email": "no address"}}, "customer.email"),
        ({"tenant": "shop", "customer": {"email": "a@" + "x" * 300}}, "customer.email"),
        ({"tenant": "shop", "customer": {"phone": "1"}}, "customer.phone"),
        ({"tenant": "shop", "language": "tlh"}, "language"),
        ({"tenant": "shop", "admin": True}, "admin"),
    ],
)
def test_a_session_asked_for_wrongly_names_the_field(
    tenant: Tenant, passer_by: Visitor, body: dict[str, Any], field: str
) -> None:
    answer = passer_by.post("/api/v1/sessions", body, format="json")
    assert_problem(answer, 400)
    assert field in [fault["field"] for fault in answer.json()["errors"]]
    assert published("shop") == []


@pytest.mark.parametrize("rest", ["/transfer", "/cancel-transfer", "/close", "/typing"])
@pytest.mark.parametrize("body", [b"{", b"[]", b'{"unknown": 1}', b'{"reason": 7}', b"\xff"])
def test_the_other_calls_read_as_strictly(visitor: Visitor, rest: str, body: bytes) -> None:
    answer = visitor.raw(rest, body)
    assert_problem(answer, 400)
    assert visitor.read().json()["version"] == 1


def test_a_reason_has_its_limit(visitor: Visitor) -> None:
    assert_problem(visitor.send("/transfer", {"reason": "x" * 501}), 400)


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "", "%00", "1&after=x"])
def test_after_must_be_a_number(visitor: Visitor, after: str) -> None:
    assert_problem(visitor.read(f"/messages?after={after}"), 400)


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "rubbish", ""])
def test_another_kind_of_body_is_refused(visitor: Visitor, content_type: str) -> None:
    answer = visitor.raw("/messages", b'{"text": "Hello"}', content_type)
    assert answer.status_code in (400, 415)
    assert visitor.read("/messages").json()["results"] == []


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_another_method_is_refused(visitor: Visitor, method: str) -> None:
    assert_problem(getattr(visitor, method)(visitor.path("/messages")), 405)
