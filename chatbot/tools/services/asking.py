"""Somebody wants to use a tool: checked, written down, and run, kept waiting or refused."""

import json
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from chatbot.conversations import authors
from chatbot.conversations.models import Conversation
from chatbot.tools import metrics, selectors
from chatbot.tools.calling.caller import read_fillings
from chatbot.tools.calling.wishes import (
    ToolResult,
    Wish,
    key_of,
    known_call,
    lease_of,
    result_of,
    waiting_result,
)
from chatbot.tools.choices import AWAITING, CallStatus, Risk
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.runtime_settings import ToolSettings
from chatbot.tools.schemas.checking import BadArguments, read_arguments, without
from chatbot.tools.telling.announcements import tell
from chatbot.tools.telling.masking import mask_values
from chatbot.tools.telling.titles import summary_of, title_of
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.configuration.selectors import current
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import tenant_scope

_WAITS = {
    Risk.WRITE: CallStatus.AWAITING_CONFIRMATION,
    Risk.MONEY: CallStatus.AWAITING_APPROVAL,
}


def ask(
    *,
    conversation: Conversation,
    name: str,
    arguments_json: str,
    run: int | None,
    step: int,
    agent: User | None = None,
) -> ToolResult | ToolCall:
    """A call to run now (it reads), or the result that there is already.

    What writes waits for the customer, what costs money for an agent. A tool that may not be used
    here is as unknown as one that there isn't.
    """
    wish = Wish(conversation, name, arguments_json, run, step, agent)
    with tenant_scope(conversation.tenant):
        tool = selectors.tools_for(conversation, agent).filter(name=name).first()
        if tool is None:
            return ToolResult("unknown_tool", f"There is no tool called {name[:64]!r} here.")
        try:
            return _ask(wish, tool)
        except IntegrityError:  # the same call was written down by another process meanwhile
            return _ask(wish, tool)


@transaction.atomic
def _ask(wish: Wish, tool: Tool) -> ToolResult | ToolCall:
    try:
        arguments = _arguments(wish, tool)
    except BadArguments as error:
        _write(wish, tool, {}, CallStatus.BAD_ARGUMENTS, error=str(error)[:500])
        return ToolResult("bad_arguments", f"These arguments are not right: {error}")
    if known := known_call(wish, tool, arguments):
        return result_of(known) or _run_anew(known, tool, arguments)
    if _too_often(wish, tool):
        _write(wish, tool, arguments, CallStatus.REFUSED, error="too often")
        return ToolResult("refused", "This tool was used too often just now. Try again later.")
    if tool.risk == Risk.READ:
        return _start(wish, tool, arguments)
    return _wait(wish, tool, arguments)


def _arguments(wish: Wish, tool: Tool) -> dict[str, Any]:
    """What the model wrote, without what only we fill in."""
    ours = {filling.name for filling in read_fillings(tool.identity)}
    arguments = read_arguments(wish.arguments_json, without(tool.input_schema, ours))
    # Schemas may allow more than they name, and servers may not mind how a name is written.
    if taken := {name.casefold() for name in ours} & {name.casefold() for name in arguments}:
        raise BadArguments(f"{', '.join(sorted(taken))}: filled in by us")
    return arguments


def _start(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> ToolCall:
    key, until = key_of(wish, tool, arguments), lease_of(tool)
    return _write(wish, tool, arguments, CallStatus.RUNNING, key=key, lease_until=until, attempts=1)


def _wait(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> ToolResult:
    settings = current(ToolSettings, wish.conversation.tenant)
    by_customer = tool.risk == Risk.WRITE
    minutes = settings.confirmation_minutes if by_customer else settings.approval_minutes
    call = _write(
        wish,
        tool,
        arguments,
        _WAITS[Risk(tool.risk)],
        key=key_of(wish, tool, arguments),
        expires_at=timezone.now() + timedelta(minutes=minutes),
    )
    actor = authors.ai().actor
    audit.record(
        tenant=call.tenant, actor=actor, action="tool_call.ask", target=call, data=_details(call)
    )
    kind = "confirmation" if by_customer else "approval"
    card = {"call": call.pk, "arguments": call.arguments, "title": call.title}
    with translation.override(wish.conversation.language):
        summary = summary_of(tool, arguments)
    tell(call, f"tool_{kind}", summary=summary, **{kind: card})
    return waiting_result(call)


def _details(call: ToolCall) -> dict[str, Any]:
    return {"tool": call.tool_name, "conversation": call.conversation.name, "risk": call.risk}


def _run_anew(call: ToolCall, tool: Tool, arguments: dict[str, Any]) -> ToolCall:
    """Its process died, or it failed and the run is tried again; its key stays the same."""
    call.status, call.sealed = CallStatus.RUNNING, json.dumps(arguments)
    call.lease_until, call.finished_at, call.error = lease_of(tool), None, ""
    call.save(update_fields=["status", "sealed", "lease_until", "error", "finished_at"])
    return call


def _too_often(wish: Wish, tool: Tool) -> bool:
    since = timezone.now() - timedelta(minutes=1)
    recent = ToolCall.objects.filter(
        conversation=wish.conversation, tool=tool, created_at__gt=since
    )
    return int(recent.count()) >= tool.per_minute


def _write(
    wish: Wish, tool: Tool, arguments: dict[str, Any], status: CallStatus, **fields: Any
) -> ToolCall:
    with translation.override(wish.conversation.language):
        title = title_of(tool)[:120]
    ended = status not in (*AWAITING, CallStatus.RUNNING)
    key = fields.pop("key", "") or public_id()
    call: ToolCall = ToolCall.objects.create(
        tenant=wish.conversation.tenant,
        conversation=wish.conversation,
        tool=tool,
        tool_name=tool.name,
        title=title,
        run=wish.run,
        step=wish.step,
        risk=tool.risk,
        status=status,
        arguments=mask_values(arguments),
        sealed="" if ended else json.dumps(arguments),
        idempotency_key=key,
        finished_at=timezone.now() if ended else None,
        **fields,
    )
    if ended:
        transaction.on_commit(lambda: metrics.count(call), robust=True)
    return call
