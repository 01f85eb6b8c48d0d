"""How tools of each kind run. A new kind is a function and a line here."""

from collections.abc import Awaitable, Callable
from typing import Any

from chatbot.tools.caller import Caller
from chatbot.tools.choices import Kind
from chatbot.tools.kinds import built_in, http_api, mcp_server
from chatbot.tools.models import Tool
from chatbot.tools.outcomes import Outcome

# Gives an Outcome, or raises ToolFailed or Interrupted; within the tool's time limit.
Runs = Callable[[Tool, dict[str, Any], Caller], Awaitable[Outcome]]

RUNS: dict[str, Runs] = {
    Kind.BUILTIN: built_in.run,
    Kind.HTTP_API: http_api.run,
    Kind.MCP: mcp_server.run,
}
