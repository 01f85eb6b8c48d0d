"""A call has run: its end is written down once, and told."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from chatbot.conversations import authors
from chatbot.tools import metrics
from chatbot.tools.calling.execution import Ended
from chatbot.tools.calling.wishes import ToolResult
from chatbot.tools.choices import CallStatus
from chatbot.tools.models import Tool, ToolCall
from chatbot.tools.telling.announcements import announce_call, person_needed, tell
from chatbot.tools.telling.answers import told
from chatbot.tools.telling.results import as_text, fenced
from chatplatform.audit import services as audit
from chatplatform.kernel.scoping import tenant_scope

_NOTICES = {
    CallStatus.OK: "tool_done",
    CallStatus.FAILED: "tool_failed",
    CallStatus.UNCERTAIN: "tool_uncertain",
}


@transaction.atomic
def finish_read(*, call: ToolCall, ended: Ended) -> ToolResult:
    """What a model gets of a call that ran while it waited."""
    with tenant_scope(call.tenant):
        if _end(call, ended):
            announce_call(call)
    if ended.status == CallStatus.OK:
        return ToolResult("ok", fenced(call.tool_name, call.result), ended.value, call.pk)
    # An error text comes from outside as well.
    return ToolResult("failed", fenced(call.tool_name, call.error), call=call.pk)


@transaction.atomic
def finish_call(*, call: ToolCall, ended: Ended) -> bool:
    """Tell what became of a confirmed or approved call; False if that was told already."""
    with tenant_scope(call.tenant):
        if not _end(call, ended):
            return False
        audit.record(
            tenant=call.tenant,
            actor=authors.system().actor,
            action="tool_call.finish",
            target=call,
            data={"tool": call.tool_name, "status": call.status, "error": call.error},
        )
        tell(call, _NOTICES[ended.status], answer=_answer(call, ended.value))
        if call.status == CallStatus.UNCERTAIN:
            person_needed.send(ToolCall, call=call)
    return True


def _answer(call: ToolCall, value: Any) -> str:
    tool: Tool | None = call.tool
    return told(tool, value, call.conversation.language)[:1000] if tool and value else ""


def _end(call: ToolCall, ended: Ended) -> bool:
    """Once: only while it is still the one that was claimed."""
    changes = {
        "status": ended.status,
        "result": as_text(ended.value) if ended.status == CallStatus.OK else "",
        "error": as_text(ended.error)[:500],
        "latency_ms": ended.latency_ms,
        "attempts": ended.attempts,
        "finished_at": timezone.now(),
        "lease_until": None,
        "sealed": "",
    }
    mine = ToolCall.objects.filter(pk=call.pk, status=CallStatus.RUNNING, worker=call.worker)
    won = bool(mine.update(**changes))
    for name, value in changes.items():
        setattr(call, name, value)
    if won:
        transaction.on_commit(lambda: metrics.count(call), robust=True)
    return won
