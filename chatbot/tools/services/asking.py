"""Somebody wants to use a tool: checked, written down, and run, kept waiting or refused."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from chatbot.conversations import authors
from chatbot.conversations.models import Conversation
from chatbot.tools import metrics, selectors
from chatbot.tools.announcements import tell
from chatbot.tools.caller import read_fillings
from chatbot.tools.choices import AWAITING, CallStatus, Risk
from chatbot.tools.masking import mask_values
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.results import fenced
from chatbot.tools.runtime_settings import ToolSettings
from chatbot.tools.schemas import BadArguments, read_arguments, without
from chatbot.tools.titles import summary_of, title_of
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.configuration.selectors import current
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.scoping import tenant_scope

GRACE = timedelta(seconds=5)  # between a tool's time limit and giving its call up for lost
_WAITS = {
    Risk.WRITE: CallStatus.AWAITING_CONFIRMATION,
    Risk.MONEY: CallStatus.AWAITING_APPROVAL,
}


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
    if known := _known(wish, tool, arguments):
        return _again(known)
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
    until = timezone.now() + timedelta(seconds=tool.server.timeout) + GRACE
    key = _key(wish, tool, arguments)
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
        key=_key(wish, tool, arguments),
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
    tell(call, f"tool_{kind}", ended=False, summary=summary, **{kind: card})
    return waiting_result(call)


def _details(call: ToolCall) -> dict[str, Any]:
    return {"tool": call.tool_name, "conversation": call.conversation.name, "risk": call.risk}


def waiting_result(call: ToolCall) -> ToolResult:
    """What whoever asked is told of a call that waits for a decision."""
    who = "the customer" if call.status == CallStatus.AWAITING_CONFIRMATION else "a colleague"
    text = (
        f"Not done yet: {who} was asked to allow it, and sees what it is about. Say so in one "
        "sentence. Don't call it again, and don't say that it is done."
    )
    return ToolResult(call.status, text, call=call.pk)


def _known(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> ToolCall | None:
    """The same call of the same run; or of an earlier one, if it still waits for its decision."""
    rows = selectors.calls_of(wish.conversation)
    same: ToolCall | None = rows.filter(idempotency_key=_key(wish, tool, arguments)).first()
    if same is None and tool.risk != Risk.READ:
        waiting = rows.filter(tool=tool, status__in=(*AWAITING, CallStatus.QUEUED))
        same = next((each for each in waiting if json.loads(each.sealed) == arguments), None)
    return same


def _again(call: ToolCall) -> ToolResult | ToolCall:
    """What there is of a call that was asked for before; a read that was cut short runs anew."""
    if call.is_awaiting:
        return waiting_result(call)
    if call.status == CallStatus.OK:
        return ToolResult("ok", fenced(call.tool_name, call.result), call=call.pk)
    if call.status == CallStatus.RUNNING and call.risk == Risk.READ:
        return call
    text = f"This was asked for before; it is {call.status}."
    if call.error:  # from outside, like a result
        text += f" {fenced(call.tool_name, call.error)}"
    return ToolResult("failed", text, call=call.pk)


def _too_often(wish: Wish, tool: Tool) -> bool:
    since = timezone.now() - timedelta(minutes=1)
    recent = ToolCall.objects.filter(
        conversation=wish.conversation, tool=tool, created_at__gt=since
    )
    return int(recent.count()) >= tool.per_minute


def _key(wish: Wish, tool: Tool, arguments: dict[str, Any]) -> str:
    """The same for the same call of the same run. A read may be wanted again at a later step."""
    step = wish.step if tool.risk == Risk.READ else None
    run = wish.run if wish.run is not None else public_id()
    same = [wish.conversation.pk, run, step, tool.pk, arguments]
    return sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()


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
