"""The tools of one conversation, as a model (or whoever answers) uses them."""

from typing import Any

import structlog

from chatbot.conversations.models import Conversation
from chatbot.tools import selectors, services
from chatbot.tools.calling import execution
from chatbot.tools.calling.caller import read_fillings
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.schemas.checking import without
from chatbot.tools.services import ToolResult
from chatbot.tools.telling.titles import title_of
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from realtime.threads import in_thread

logger = structlog.get_logger(__name__)

__all__ = ["ToolResult", "Toolbox"]


class Toolbox:
    """Only what this customer may use; with `agent`, what that agent may."""

    def __init__(self, conversation: Conversation, *, agent: User | None = None) -> None:
        self._conversation, self._agent = conversation, agent

    def tools(self) -> list[Tool]:
        """One query, off the event loop."""
        with tenant_scope(self._conversation.tenant):
            return list(selectors.tools_for(self._conversation, self._agent))

    def worded_tools(self) -> list[Tool]:
        """Those that are found by how customers ask for them, without what only their use needs;
        one query, likewise."""
        with tenant_scope(self._conversation.tenant):
            return list(selectors.worded(selectors.tools_for(self._conversation, self._agent)))

    def definitions(self) -> list[dict[str, Any]]:
        """The entries of a model's `tools`; one query, off the event loop."""
        return [_definition(tool) for tool in self.tools()]

    def has_acted(self) -> bool:
        """Whether anything was changed or paid in this conversation; one query, likewise."""
        with tenant_scope(self._conversation.tenant):
            return selectors.has_acted(self._conversation)

    async def call(
        self, name: str, arguments_json: str, *, run: int | None, step: int
    ) -> ToolResult:
        """Use a tool; never raises. The same call of the same run gives the same result, once."""
        try:
            asked = await in_thread(
                services.ask,
                conversation=self._conversation,
                name=name,
                arguments_json=arguments_json,
                run=run,
                step=step,
                agent=self._agent,
            )
            if isinstance(asked, ToolCall):
                ended = await execution.execute(asked)
                return await in_thread(services.finish_read, call=asked, ended=ended)
            return asked
        except Exception:
            logger.exception("tool_call_failed", tool=name, run=run)
            return ToolResult("failed", "The tool could not be used because of a fault of ours.")


def _definition(tool: Tool) -> dict[str, Any]:
    ours = {filling.name for filling in read_fillings(tool.identity)}
    schema = without(tool.input_schema, ours) or {"type": "object", "properties": {}}
    description = tool.description or title_of(tool)
    function = {"name": tool.name, "description": description[:1024], "parameters": schema}
    return {"type": "function", "function": function}
