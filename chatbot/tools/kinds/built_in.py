"""Python functions, in the tenant's scope and off the event loop."""

from typing import Any

from django.utils import translation
from pydantic import BaseModel, ValidationError

from chatbot.tools import registry
from chatbot.tools.calling.caller import Caller
from chatbot.tools.calling.outcomes import Outcome, ToolFailed
from chatbot.tools.models import Tool
from chatplatform.kernel.scoping import tenant_scope
from realtime.threads import in_thread


async def run(tool: Tool, arguments: dict[str, Any], caller: Caller) -> Outcome:
    return await in_thread(_run, tool.remote.get("name", tool.name), arguments, caller)


def _run(name: str, arguments: dict[str, Any], caller: Caller) -> Outcome:
    known = registry.built_in(name)
    if known is None:
        raise ToolFailed("this tool is no longer there")
    try:
        read = known.arguments.model_validate(arguments)
    except ValidationError as error:
        raise ToolFailed(str(error)) from None
    language = caller.conversation.language
    with tenant_scope(caller.tenant), translation.override(language):
        answer = known.run(caller, read)
    return Outcome(answer.model_dump(mode="json") if isinstance(answer, BaseModel) else answer)
