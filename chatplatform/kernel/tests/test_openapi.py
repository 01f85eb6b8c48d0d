import json
import re
from typing import Any

import pytest
import yaml
from django.contrib.staticfiles import finders
from django.test import Client

CHATBOT = pytest.mark.urls("chatplatform.urls.chatbot")
WORKBENCH = pytest.mark.urls("chatplatform.urls.workbench")


def schema(client: Client) -> dict[str, Any]:
    response = client.get("/api/schema/")
    assert response.status_code == 200
    document: dict[str, Any] = json.loads(response.content)
    assert document["openapi"].startswith("3.1")
    return document


@CHATBOT
def test_the_customers_schema_lists_their_calls_and_their_stream(client: Client) -> None:
    paths = schema(client)["paths"]
    assert "post" in paths["/api/v1/sessions"]
    stream = paths["/api/v1/sessions/{name}/events"]["get"]
    assert "text/event-stream" in stream["responses"]["200"]["content"]
    assert {"name", "last", "token"} <= {each["name"] for each in stream["parameters"]}
    assert not [path for path in paths if "accept" in path or "schema" in path]


@WORKBENCH
def test_the_agents_schema_does_not_list_the_customers_calls(client: Client) -> None:
    assert "post" not in schema(client)["paths"].get("/api/v1/sessions", {})


@pytest.mark.parametrize("door", [pytest.param(1, marks=CHATBOT), pytest.param(2, marks=WORKBENCH)])
def test_describing_the_api_warns_of_nothing(
    door: int, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    enums = {
        name for name, each in schema(client)["components"]["schemas"].items() if "enum" in each
    }
    assert capsys.readouterr().err == ""
    assert {"SessionStatusEnum", "ToolCallStatusEnum"} <= enums


@CHATBOT
def test_every_operation_says_how_it_fails(client: Client) -> None:
    document = schema(client)
    for operations in document["paths"].values():
        for operation in operations.values():
            assert "application/problem+json" in operation["responses"]["default"]["content"]
    assert "request_id" in document["components"]["schemas"]["Problem"]["properties"]


@CHATBOT
def test_the_schema_is_the_same_in_yaml(client: Client) -> None:
    response = client.get("/api/schema/?format=yaml")
    assert yaml.safe_load(response.content) == schema(client)


@CHATBOT
@pytest.mark.parametrize("query", ["lang=..%2F..%00", "version=x", "format=exe"])
def test_odd_questions_end_in_no_500(client: Client, query: str) -> None:
    assert client.get(f"/api/schema/?{query}").status_code < 500


@pytest.mark.parametrize(
    "door",
    [pytest.param("chatbot", marks=CHATBOT), pytest.param("workbench", marks=WORKBENCH)],
)
def test_the_docs_page_loads_only_our_own_files_and_runs_nothing_inline(
    client: Client, door: str
) -> None:
    page = client.get("/api/docs/").content.decode()
    assert 'data-schema="/api/schema/"' in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    for address in (each for each in loaded if each.startswith("/static/")):
        assert finders.find(address.removeprefix("/static/")), address
    assert not [each for each in loaded if each.startswith(("http:", "https:", "//"))]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)
