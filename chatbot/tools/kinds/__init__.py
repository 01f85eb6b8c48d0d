"""How tools of each kind run. A new kind is a function and a line here."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from chatbot.tools.calling.caller import Caller
from chatbot.tools.calling.outcomes import Outcome
from chatbot.tools.choices import Kind
from chatbot.tools.kinds import built_in, http_api
from chatbot.tools.models import Tool
from realtime.threads import in_thread

# Gives an Outcome, or raises ToolFailed or Interrupted; within the tool's time limit.
Runs = Callable[[Tool, dict[str, Any], Caller], Awaitable[Outcome]]


async def _run_mcp(tool: Tool, arguments: dict[str, Any], caller: Caller) -> Outcome:
    """Its SDK takes half a second and 25 MB: loaded by whoever has such a server."""
    mcp_server = await in_thread(import_module, "chatbot.tools.kinds.mcp_server")
    outcome: Outcome = await mcp_server.run(tool, arguments, caller)
    return outcome


RUNS: dict[str, Runs] = {
    Kind.BUILTIN: built_in.run,
    Kind.HTTP_API: http_api.run,
    Kind.MCP: _run_mcp,
}
