"""What we offer to others' assistants as an MCP server: the knowledge, and how a session stands."""

from collections.abc import Callable
from typing import Annotated, TypeVar

import structlog
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from chatbot.conversations import selectors
from chatbot.conversations.access import access_conversation
from chatbot.knowledge.addresses import article_url
from chatbot.knowledge.selectors import Found, search_passages
from chatbot.knowledge.words import language_of
from chatbot.tools.offered.callers import caller
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.kernel.errors import ApplicationError, PermissionRefused
from realtime.threads import in_thread

logger = structlog.get_logger(__name__)
T = TypeVar("T")

mcp = MCPServer(
    "Chatplatform",
    instructions="The shop's published knowledge, and the state of conversations with customers.",
)


class PassageOut(BaseModel):
    """A passage of an article; `confidence` 0..1 is how well it fits the question."""

    title: str
    heading: str
    text: str
    url: str
    confidence: float


class PassagesOut(BaseModel):
    passages: list[PassageOut]


class SessionStateOut(BaseModel):
    """How a conversation stands: who has it, and who waits where."""

    session_name: str
    status: str
    agent: str
    queue_position: int | None
    language: str


@mcp.tool(description="Search the published knowledge for passages that answer a question.")
async def search_knowledge(
    question: Annotated[str, Field(min_length=1, max_length=1_000)],
    language: Annotated[str, Field(description="en or zh-hans; empty: as the question")] = "",
    limit: Annotated[int, Field(ge=1, le=10)] = 5,
) -> PassagesOut:
    return await _guarded(lambda user: _search(user, question, language, limit))


@mcp.tool(description="How a conversation with a customer stands, by its session's name.")
async def session_status(
    session_name: Annotated[str, Field(min_length=1, max_length=64)],
) -> SessionStateOut:
    return await _guarded(lambda user: _status(user, session_name))


async def _guarded(work: Callable[[User], T]) -> T:
    """Run it for the caller; what goes wrong is told in a sentence, and nothing else of it."""
    try:
        return await in_thread(_scoped, work, caller.get())
    except ApplicationError as error:
        raise ToolError(str(error.detail)) from None
    except Exception:
        logger.exception("mcp_tool_failed")
        raise ToolError("The tool could not be used because of a fault of ours.") from None


def _scoped(work: Callable[[User], T], user: User) -> T:
    with user_scope(user):
        return work(user)


def _search(user: User, question: str, language: str, limit: int) -> PassagesOut:
    tenant = user.tenant
    if tenant is None or not _may_search(user):
        raise PermissionRefused
    wanted = language or language_of(question, fallback=tenant.default_language)
    found = search_passages(tenant, question, language=wanted, limit=limit)
    return PassagesOut(passages=[_passage(each, tenant.slug) for each in found])


def _may_search(user: User) -> bool:
    return user.has_perm("knowledge.view_article") or user.has_perm(
        "conversations.serve_conversation"
    )


def _passage(found: Found, tenant: str) -> PassageOut:
    entry = found.entry
    return PassageOut(
        title=entry.title,
        heading=entry.heading,
        text=entry.text,
        url=article_url(tenant, entry.slug),
        confidence=round(found.confidence, 3),
    )


def _status(user: User, name: str) -> SessionStateOut:
    session = selectors.session_answer(access_conversation(user=user, name=name))
    return SessionStateOut(
        session_name=session.session_name,
        status=session.status,
        agent=session.agent.name if session.agent else "",
        queue_position=session.queue_position,
        language=session.language,
    )
