"""Our own MCP server under the real daphne, asked by the official client."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from chatplatform.protection import outbound
from tests.people import Agent, Customer, ok
from tests.servers import Platform


@contextmanager
def key_of(running: Platform, username: str, scopes: list[str]) -> Iterator[str]:
    agent = Agent(running, username)
    body = {"name": f"mcp of {username}", "scopes": scopes}
    yield ok(agent.http.post("/api/v1/api-keys", json=body))["token"]


async def used(url: str, key: str, name: str, arguments: dict[str, Any]) -> Any:
    """The official client's answer."""
    headers = {"Authorization": f"Bearer {key}"}
    async with outbound.client(also_allowed=["127.0.0.1"], headers=headers) as http:
        transport = streamable_http_client(url, http_client=http)
        async with Client(transport, cache=None, read_timeout_seconds=20) as client:
            tools = await client.list_tools()
            assert {each.name for each in tools.tools} == {"search_knowledge", "session_status"}
            return await client.call_tool(name, arguments)


async def test_our_own_mcp_server_answers_the_official_client(running: Platform) -> None:
    url = f"{running.url('workbench')}/mcp"
    customer = Customer(running)
    with key_of(running, "admin", ["conversations.serve_conversation"]) as key:
        found = await used(url, key, "search_knowledge", {"question": "How long is delivery?"})
        assert not found.is_error
        assert found.structured_content["passages"][0]["url"].startswith("http")
        stands = await used(url, key, "session_status", {"session_name": customer.session})
        assert stands.structured_content["status"] == "ai_active"
        wrong = await used(url, key, "search_knowledge", {"question": ""})
        assert wrong.is_error
        unknown = await used(url, key, "session_status", {"session_name": "nobodys"})
        assert unknown.is_error
    async with outbound.client(also_allowed=["127.0.0.1"]) as http:
        for headers in ({}, {"Authorization": "Bearer cpk_nope"}):
            assert (await http.post(url, json={}, headers=headers)).status_code == 401
        assert (await http.get(url)).status_code == 405
