"""A wish to use a tool, and what there is already when it was wished for before."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.utils import timezone

from chatbot.conversations.models import Conversation
from chatbot.tools import selectors
from chatbot.tools.choices import OPEN, CallStatus, Risk
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.telling.results import fenced
from chatplatform.accounts.models import User
from chatplatform.kernel.ids import public_id

GRACE = timedelta(seconds=5)  # between a tool's time limit and giving its call up for lost


@dataclass(frozen=True)
class ToolResult:
    """`text` is for a model: cut, masked, and fenced as data. `value` is what the tool gave."""

    status: str
    text: str
    value: Any = None
    call: int | None = None


@dataclass(frozen=True)
class Wish:
    """What is asked for, and by which run."""

    conversation: Conversation
    name: str
    arguments_json: str
    run: int | None
    step: int
    agent: User | None = None


def key_of(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> str:
    """The same for the same call of the same run. A read may be wanted again at a later step."""
    step = wish.step if tool.risk == Risk.READ else None
    run = wish.run if wish.run is not None else public_id()
    same = [wish.conversation.pk, run, step, tool.pk, arguments]
    return sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


def known_call(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> ToolCall | None:
    """The same call of the same run; or of an earlier one, if it has not ended."""
    rows = selectors.calls_of(wish.conversation)
    same: ToolCall | None = rows.filter(idempotency_key=key_of(wish, tool, arguments)).first()
    if same is None and tool.risk != Risk.READ:
        unfinished = rows.filter(tool=tool, risk=tool.risk, status__in=OPEN)
        same = next((each for each in unfinished if json.loads(each.sealed) == arguments), None)
    return same


def result_of(call: ToolCall) -> ToolResult | None:
    """What there is of a call that was asked for before; None for a read without a result."""
    if call.is_awaiting:
        return waiting_result(call)
    if call.status == CallStatus.OK:
        return ToolResult("ok", fenced(call.tool_name, call.result), call=call.pk)
    if call.risk == Risk.READ and call.status in (CallStatus.RUNNING, CallStatus.FAILED):
        return None
    text = f"This was asked for before; it is {call.status}."
    if call.error:  # from outside, like a result
        text += f" {fenced(call.tool_name, call.error)}"
    return ToolResult("failed", text, call=call.pk)


def waiting_result(call: ToolCall) -> ToolResult:
    """What whoever asked is told of a call that waits for a decision."""
    who = "the customer" if call.status == CallStatus.AWAITING_CONFIRMATION else "a colleague"
    text = (
        f"Not done yet: {who} was asked to allow it, and sees what it is about. Say so in one "
        "sentence. Don't call it again, and don't say that it is done."
    )
    return ToolResult(call.status, text, call=call.pk)


def lease_of(tool: Tool) -> datetime:
    """Until when a call that starts now is its process'."""
    return timezone.now() + timedelta(seconds=tool.server.timeout) + GRACE
