"""What comes in at the agents' API."""

from typing import Annotated

from pydantic import Field

from chatbot.conversations.bodies import Reason
from chatplatform.kernel.http import Input


class ReadBody(Input):
    """How far the agent has read; ids are 64-bit."""

    last_message_id: Annotated[int, Field(ge=1, lt=2**63)]


class RejectBody(Input):
    """`reason` is read by the customer."""

    reason: Reason = ""
