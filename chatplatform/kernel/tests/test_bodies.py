import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from chatplatform.kernel.http import BODY_LIMIT

pytestmark = pytest.mark.urls("chatplatform.kernel.tests.urls")


def post(client: Client, body: bytes | str, **extra: Any) -> Any:
    return client.post("/api/v1/notes", body, content_type="application/json", **extra)


def faults(response: Any) -> dict[str, str]:
    return {fault["field"]: fault["code"] for fault in response.json()["errors"]}


def test_a_good_body_arrives_exactly_as_typed(client: Client) -> None:
    response = post(client, '{"text":"  你好 🎉\\n", "tags":["ü"], "stars": 5}')
    assert response.status_code == 201
    assert response.json() == {"text": "  你好 🎉\n", "tags": ["ü"], "stars": 5}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"text": "a",}',
        b"{'text': 'a'}",
        b"\xff\xfe\x00",
        b'{"text":"\xc3\x28"}',
        b'{"stars": NaN}',
        b'{"stars": -Infinity}',
        b'{"stars": 1e999}',
        b'{"stars": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 30_000,
    ],
    ids=lambda body: repr(body[:16]),
)
def test_malformed_json_is_a_clear_400(client: Client, body: bytes) -> None:
    response = post(client, body)
    assert response.status_code == 400
    if body:
        assert response.json()["code"] == "malformed_json"


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"7", b"null", b"true"])
def test_a_body_that_is_no_object_is_refused(client: Client, body: bytes) -> None:
    response = post(client, body)
    assert response.status_code == 400
    assert faults(response) == {"": "model_type"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {"text": "missing"}),
        ({"text": None}, {"text": "string_type"}),
        ({"text": 7}, {"text": "string_type"}),
        ({"text": ["a"]}, {"text": "string_type"}),
        ({"text": " \n"}, {"text": "text_blank"}),
        ({"text": "a" * 11}, {"text": "string_too_long"}),
        ({"text": "a\0"}, {"text": "text_nul"}),
        ({"text": "\ud800"}, {"text": "string_unicode"}),
        ({"text": "a", "stars": "5"}, {"stars": "int_type"}),
        ({"text": "a", "stars": True}, {"stars": "int_type"}),
        ({"text": "a", "stars": 5.0}, {"stars": "int_type"}),
        ({"text": "a", "stars": 10**30}, {"stars": "less_than_equal"}),
        ({"text": "a", "tags": "b"}, {"tags": "list_type"}),
        ({"text": "a", "tags": ["b", 1]}, {"tags.1": "string_type"}),
        ({"text": "a", "colour": "red"}, {"colour": "extra_forbidden"}),
        ({"text": 1, "stars": "x"}, {"text": "string_type", "stars": "int_type"}),
    ],
)
def test_every_fault_is_named_by_its_field(
    client: Client, body: dict[str, Any], expected: dict[str, str]
) -> None:
    response = post(client, json.dumps(body))
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_input"
    assert faults(response) == expected


def test_a_field_name_that_is_no_text_does_not_break_the_answer(client: Client) -> None:
    response = post(client, b'{"text": "a", "\\ud800": 1}')
    assert response.status_code == 400
    assert response.json()["errors"]


def test_thousands_of_faults_get_a_short_answer(client: Client) -> None:
    response = post(client, json.dumps({"text": "a", **{f"f{i}": 1 for i in range(5000)}}))
    assert response.status_code == 400
    assert len(response.json()["errors"]) == 20


def test_a_body_over_the_limit_is_413(client: Client) -> None:
    response = post(client, json.dumps({"text": "a" * BODY_LIMIT}))
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


def test_faults_are_told_in_the_readers_language(client: Client) -> None:
    response = post(client, "{}", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert "必填" in response.json()["errors"][0]["message"]


def test_numbers_of_a_query_are_read_from_text(client: Client) -> None:
    assert client.get("/api/v1/window?after=12").json() == {"after": 12}
    for query in ("after=x", "after=1.5", "after=" + "9" * 5000, "before=1"):
        response = client.get(f"/api/v1/window?{query}")
        assert (response.status_code, response.json()["code"]) == (400, "invalid_input")


JSON_VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        st.fixed_dictionaries(
            {}, optional={"text": JSON_VALUES, "tags": JSON_VALUES, "stars": JSON_VALUES}
        ).map(lambda value: json.dumps(value).encode()),
    )
)
def test_whatever_is_sent_the_answer_is_201_or_400(body: bytes) -> None:
    assert post(Client(), body).status_code in (201, 400)
