"""The agents' API as other clients rely on it."""

import json
from typing import Any

import pytest
from django.test import Client

from chatbot.conversations import authors, services
from chatplatform.accounts.models import User
from realtime.testing import published
from tests.cast import PASSWORD
from workbench.desk.tests.conftest import Opener, Signed, fresh, says

SESSION_KEYS = {
    "session_name",
    "status",
    "agent",
    "queue_position",
    "version",
    "customer",
    "language",
    "created_at",
    "last_message_at",
    "position",
}


def token_of(user: User) -> str:
    body = {"username": user.username, "password": PASSWORD}
    answer = Client().post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    assert answer.status_code == 200, answer.content
    token: str = answer.json()["meta"]["access_token"]
    return token


def bearer(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {token_of(user)}"})


def test_a_bearer_token_is_enough(ben: User, waiting: Opener) -> None:
    conversation = waiting()
    answer = bearer(ben).get("/api/v1/sessions?status=queued")
    assert answer.status_code == 200
    (session,) = answer.json()["results"]
    assert session["session_name"] == conversation.name
    assert session.keys() >= SESSION_KEYS
    assert session["queue_position"] == 1


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer rubbish", "Bearer a.b.c", "Basic YTpi", "Bearer \xff", "Token x y"],
)
def test_no_valid_token_is_401(waiting: Opener, header: str) -> None:
    conversation = waiting()
    client = Client(headers={"Authorization": header} if header else {})
    for path in ("/api/v1/sessions", f"/api/v1/sessions/{conversation.name}"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_who_may_not_serve_gets_403(ben: User, waiting: Opener) -> None:
    conversation = waiting()
    ben.groups.clear()
    answer = Signed(ben).call(f"/sessions/{conversation.name}/accept")
    assert answer.status_code == 403
    assert answer.json()["code"] == "permission_refused"


def test_a_session_cookie_needs_its_csrf_token(ben: User, waiting: Opener) -> None:
    conversation = waiting()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ben)
    path = f"/api/v1/sessions/{conversation.name}/accept"
    assert client.post(path, {}, content_type="application/json").status_code == 403
    assert fresh(conversation).state == "queued"


OUTSIDE = [
    ("get", ""),
    ("get", "/messages"),
    ("post", "/messages"),
    ("post", "/accept"),
    ("post", "/return-to-ai"),
    ("post", "/close"),
    ("post", "/typing"),
    ("post", "/read"),
]


@pytest.mark.parametrize(("method", "path"), OUTSIDE)
def test_another_companys_session_does_not_exist(
    at_sams: Signed, waiting: Opener, method: str, path: str
) -> None:
    conversation = waiting()
    url = f"/api/v1/sessions/{conversation.name}{path}"
    body = {"text": "hi"} if path == "/messages" else {}
    more: dict[str, Any] = {"data": body, "content_type": "application/json"}
    answer = at_sams.get(url) if method == "get" else at_sams.post(url, **more)
    assert answer.status_code == 404
    assert answer.json()["code"] == "unknown_session"


def test_a_handoff_from_acceptance_to_the_end(at_bens: Signed, waiting: Opener) -> None:
    name = waiting().name
    accepted = at_bens.call(f"/sessions/{name}/accept").json()
    assert accepted["status"] == "active"
    assert accepted["agent"] == {"id": at_bens.user.pk, "name": "Ben"}
    assert accepted["position"]
    said = at_bens.call(f"/sessions/{name}/messages", {"text": "Hi", "client_id": "a"})
    assert said.status_code == 201
    assert said.json()["author"] == {"kind": "agent", "name": "Ben"}
    again = at_bens.call(f"/sessions/{name}/messages", {"text": "Hi", "client_id": "a"})
    assert (again.status_code, again.json()["id"]) == (200, said.json()["id"])
    assert at_bens.call(f"/sessions/{name}/close").json()["status"] == "resolved"
    texts = [m["text"] for m in at_bens.get(f"/api/v1/sessions/{name}/messages").json()["results"]]
    assert texts.count("Hi") == 1


def test_a_session_goes_back_to_the_ai(at_bens: Signed, served: Opener) -> None:
    name = served(at_bens.user).name
    answer = at_bens.call(f"/sessions/{name}/return-to-ai")
    assert (answer.status_code, answer.json()["status"]) == (200, "ai_active")


def test_the_slower_of_two_learns_who_has_her(
    at_bens: Signed, at_beas: Signed, waiting: Opener
) -> None:
    name = waiting().name
    assert at_bens.call(f"/sessions/{name}/accept").status_code == 200
    late = at_beas.call(f"/sessions/{name}/accept")
    assert late.status_code == 409
    problem = late.json()
    assert problem["session"]["status"] == "active"
    assert problem["session"]["agent"] == {"id": at_bens.user.pk, "name": "Ben"}
    assert "Ben" in problem["detail"]


@pytest.mark.parametrize("path", ["/messages", "/return-to-ai", "/close", "/typing"])
def test_what_a_colleague_serves_is_not_mine_to_touch(
    at_bens: Signed, at_beas: Signed, served: Opener, path: str
) -> None:
    conversation = served(at_bens.user)
    body: dict[str, object] = {"text": "hi"} if path == "/messages" else {}
    answer = at_beas.call(f"/sessions/{conversation.name}{path}", body)
    assert answer.status_code == 409
    assert fresh(conversation).agent == at_bens.user


def test_typing_is_told_and_not_kept(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    before = len(published("shop"))
    assert at_bens.call(f"/sessions/{conversation.name}/typing").status_code == 204
    assert len(published("shop")) == before


def test_the_messages_include_everything_and_where_to_listen_from(
    at_bens: Signed, served: Opener
) -> None:
    conversation = served(at_bens.user)
    answer = at_bens.get(f"/api/v1/sessions/{conversation.name}/messages").json()
    kinds = [message["author"]["kind"] for message in answer["results"]]
    assert kinds == ["customer", "system", "system"]
    assert answer["position"]
    last = answer["results"][-1]["id"]
    rest = at_bens.get(f"/api/v1/sessions/{conversation.name}/messages?after={last}").json()
    assert rest["results"] == []


BAD_BODIES: list[tuple[bytes, int]] = [
    (b"", 400),
    (b"{", 400),
    (b"[]", 400),
    (b'{"text": 5}', 400),
    (b'{"text": ""}', 400),
    (b'{"text": "hi", "more": 1}', 400),
    (json.dumps({"text": "x" * 10_001}).encode(), 400),
    (b'{"text": "\xff"}', 400),
    (b'{"text": "' + b"x" * 1_000_000 + b'"}', 413),
]


@pytest.mark.parametrize(
    ("body", "status"), BAD_BODIES, ids=[str(n) for n in range(len(BAD_BODIES))]
)
def test_a_bad_body_is_explained(at_bens: Signed, served: Opener, body: bytes, status: int) -> None:
    name = served(at_bens.user).name
    answer = at_bens.post(
        f"/api/v1/sessions/{name}/messages", body, content_type="application/json"
    )
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


def pages(client: Client, query: str) -> list[list[str]]:
    found, url = [], f"/api/v1/sessions?{query}"
    while url:
        page = client.get(url).json()
        found.append([session["session_name"] for session in page["results"]])
        url = page["next"]
    return found


def test_the_queue_comes_page_by_page_in_its_order(at_bens: Signed, waiting: Opener) -> None:
    names = [waiting(f"Ana {number}").name for number in range(5)]
    found = pages(at_bens, "status=queued&limit=2")
    assert found == [names[:2], names[2:4], names[4:]]


def test_a_page_neither_repeats_nor_skips_when_the_list_moves(
    at_bens: Signed, opened: Opener
) -> None:
    conversations = [opened(f"Ana {number}") for number in range(4)]
    first = at_bens.get("/api/v1/sessions?limit=2").json()
    opened("Newcomer")
    second = at_bens.get(first["next"]).json()
    seen = [s["session_name"] for s in first["results"] + second["results"]]
    assert seen == [conversation.name for conversation in reversed(conversations)]


@pytest.mark.parametrize("query", ["status=nonsense", "cursor=rubbish", "cursor=%00%ff"])
def test_a_bad_query_is_400(at_bens: Signed, in_tenant: object, query: str) -> None:
    answer = at_bens.get(f"/api/v1/sessions?{query}")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_closed_session_stays_with_who_closed_it(at_bens: Signed, served: Opener) -> None:
    conversation = served(at_bens.user)
    services.close_conversation(conversation=conversation, actor=authors.agent(at_bens.user))
    session = at_bens.get(f"/api/v1/sessions/{conversation.name}").json()
    assert (session["status"], session["agent"]["name"]) == ("resolved", "Ben")
    says(conversation, "Still there?")
    assert at_bens.get(f"/api/v1/sessions/{conversation.name}").json()["status"] == "ai_active"
