"""What the owner of a key gets to know over MCP, and what not."""

import asyncio
from typing import Any

import pytest
from mcp import Client

from chatbot.conversations.services import OpenedSession
from chatbot.tools.offered.callers import caller
from chatbot.tools.offered.server import mcp
from chatplatform.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def used(user: User, name: str, arguments: dict[str, Any]) -> Any:
    async def call() -> Any:
        caller.set(user)
        async with Client(mcp, cache=None) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


def test_an_agent_learns_how_a_session_stands(ana: OpenedSession, ben: User) -> None:
    name = ana.conversation.name
    answer = used(ben, "session_status", {"session_name": name})
    assert answer.structured_content["status"] == "ai_active"


def test_a_neighbours_session_is_as_unknown_as_none(ana: OpenedSession, sam: User) -> None:
    theirs = used(sam, "session_status", {"session_name": ana.conversation.name})
    nobodys = used(sam, "session_status", {"session_name": "nobodys"})
    assert theirs.is_error
    assert theirs.content[0].text == nobodys.content[0].text


def test_a_key_without_the_scope_gets_nothing(ana: OpenedSession, ben: User) -> None:
    ben.narrowed_to = frozenset({"accounts.view_user"})
    for name, arguments in [
        ("session_status", {"session_name": ana.conversation.name}),
        ("search_knowledge", {"question": "delivery"}),
    ]:
        assert used(ben, name, arguments).is_error
