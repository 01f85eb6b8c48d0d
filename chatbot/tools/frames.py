"""A customer's yes and no as frames of her socket; registered when the app starts."""

from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from chatbot.conversations import frames
from chatbot.conversations.models import Conversation
from chatbot.tools import services
from chatbot.tools.access import access_own_call
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.announcements import call_out
from chatplatform.kernel.http import Input


class CallBody(Input):
    """`call` is the id that the confirmation's message names."""

    call: Annotated[int, Field(ge=1, lt=2**63)]


def _deed(
    decide: Callable[..., ToolCall],
) -> Callable[[Conversation, CallBody], frames.Frame]:
    def do(conversation: Conversation, body: CallBody) -> frames.Frame:
        decided = decide(call=access_own_call(conversation=conversation, call=body.call))
        return {"type": "ack", "call": call_out(decided).model_dump(mode="json")}

    return do


frames.register("confirm_tool_call", CallBody, _deed(services.confirm_call))
frames.register("decline_tool_call", CallBody, _deed(services.decline_call))
