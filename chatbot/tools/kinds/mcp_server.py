"""Tools of MCP servers over streamable HTTP, spoken by the official SDK. Nothing else is taken."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp_types import INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND

from chatbot.tools.calling.caller import Caller, read_fillings
from chatbot.tools.calling.outcomes import Interrupted, Outcome, ToolFailed
from chatbot.tools.kinds.credentials import auth_headers
from chatbot.tools.models import Tool, ToolServer
from chatplatform.protection import outbound
from chatplatform.protection.outbound import MEGABYTE, Refused

LARGEST = 2 * MEGABYTE  # of one HTTP answer
MOST_TOOLS = 500
_REFUSALS = (INVALID_PARAMS, METHOD_NOT_FOUND, INVALID_REQUEST)  # then nothing was done
_NOT_CONNECTED = (httpx2.ConnectError, httpx2.ConnectTimeout)


async def run(tool: Tool, arguments: dict[str, Any], caller: Caller) -> Outcome:
    ours = {filling.name: filling.value(caller) for filling in read_fillings(tool.identity)}
    meta: Any = {"idempotencyKey": caller.key}
    sent = False
    try:
        async with connected(tool.server) as client:
            sent = True
            answer = await client.call_tool(tool.remote["name"], {**arguments, **ours}, meta=meta)
    except Interrupted as error:
        raise Interrupted(str(error), started=sent and error.started) from None
    return _outcome(answer)


async def list_tools(server: ToolServer) -> list[Any]:
    """What the server says that it offers. Raises ToolFailed."""
    found: list[Any] = []
    async with connected(server) as client:
        cursor: str | None = None
        while len(found) < MOST_TOOLS:
            page = await client.list_tools(cursor=cursor)
            found += page.tools
            cursor = page.next_cursor
            if cursor is None:
                break
    return found[:MOST_TOOLS]


@asynccontextmanager
async def connected(server: ToolServer) -> AsyncIterator[Client]:
    """A client of that server; whatever goes wrong inside leaves as a ToolFailed."""
    http = outbound.client(max_bytes=LARGEST, timeout=server.timeout, headers=auth_headers(server))
    try:
        async with http:
            transport = streamable_http_client(
                server.url, http_client=http, terminate_on_close=False
            )
            async with Client(transport, cache=None, read_timeout_seconds=server.timeout) as client:
                yield client
    except ToolFailed:
        raise
    except Exception as error:
        raise _failure(error) from None


def _failure(error: BaseException) -> ToolFailed:
    """The first cause in groups of exceptions, in a sentence."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, Refused):
        return ToolFailed(str(error.detail))
    if isinstance(error, MCPError) and error.error.code in _REFUSALS:
        return ToolFailed(f"the MCP server: {error.error.message[:300]}")
    started = not isinstance(error, _NOT_CONNECTED)
    return Interrupted(str(error)[:300] or type(error).__name__, started=started)


def _outcome(answer: Any) -> Outcome:
    text = "\n".join(part.text for part in answer.content if part.type == "text")
    if answer.is_error:
        raise ToolFailed(text[:500] or "the tool failed")
    if answer.structured_content is not None:
        return Outcome(answer.structured_content)
    return Outcome(_read(text))


def _read(text: str) -> Any:
    """Servers without a result schema write their objects as a text."""
    try:
        return json.loads(text) if text.startswith("{") else text
    except (ValueError, RecursionError):
        return text
