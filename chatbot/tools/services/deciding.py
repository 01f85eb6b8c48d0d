"""The customer confirms or declines, an agent approves or rejects, or nobody does: once."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatbot.conversations import authors
from chatbot.conversations.authors import Author
from chatbot.tools import metrics, selectors
from chatbot.tools.calling import bell
from chatbot.tools.choices import AWAITING, CallStatus
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.announcements import announce_call, call_out, person_needed, tell
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import Conflict
from chatplatform.kernel.scoping import all_tenants, tenant_scope

_BY_CUSTOMER = CallStatus.AWAITING_CONFIRMATION
_BY_AGENT = CallStatus.AWAITING_APPROVAL


class CallDecided(Conflict):
    """Somebody was faster, or its time is over; the problem's `call` says how it stands."""

    code = "call_decided"
    title = _("This has been decided already.")

    def __init__(self, call: ToolCall) -> None:
        super().__init__(call=call_out(call).model_dump(mode="json"))


@transaction.atomic
def confirm_call(*, call: ToolCall) -> ToolCall:
    """The customer allows it; confirming twice runs it once. CallDecided if she can't any more."""
    customer = authors.customer(call.conversation.customer)
    return _decide(call, _BY_CUSTOMER, CallStatus.QUEUED, "confirm", customer)


@transaction.atomic
def decline_call(*, call: ToolCall) -> ToolCall:
    customer = authors.customer(call.conversation.customer)
    return _decide(call, _BY_CUSTOMER, CallStatus.DECLINED, "decline", customer)


@transaction.atomic
def approve_call(*, call: ToolCall, agent: User) -> ToolCall:
    """An agent allows it; whoever asks checks that she may (access.py). CallDecided likewise."""
    return _decide(call, _BY_AGENT, CallStatus.QUEUED, "approve", authors.agent(agent))


@transaction.atomic
def reject_call(*, call: ToolCall, agent: User, reason: str = "") -> ToolCall:
    """An agent forbids it; the customer reads the `reason`."""
    return _decide(
        call, _BY_AGENT, CallStatus.REJECTED, "reject", authors.agent(agent), reason=reason[:500]
    )


def expire_calls() -> int:
    """End what nobody decided in time; how many. Each in a transaction of its own."""
    with all_tenants():
        late = selectors.calls().filter(status__in=AWAITING, expires_at__lt=timezone.now())
        found = list(late[:50])
    for call in found:
        _expire(call)
    return len(found)


@transaction.atomic
def _expire(call: ToolCall) -> None:
    waited_for = call.status
    try:
        _decide(call, waited_for, CallStatus.EXPIRED, "expire", authors.system(), late=True)
    except CallDecided:
        return
    if waited_for == _BY_AGENT:
        person_needed.send(ToolCall, call=call)


def _decide(
    call: ToolCall,
    waits: str,
    then: CallStatus,
    verb: str,
    by: Author,
    *,
    late: bool = False,
    **changes: Any,
) -> ToolCall:
    now = timezone.now()
    changes |= {"status": then, "decided_at": now, "decided_by": by.user}
    if then != CallStatus.QUEUED:
        changes |= {"sealed": "", "finished_at": now}
    with tenant_scope(call.tenant):
        row = ToolCall.objects.filter(pk=call.pk, status=waits)
        if not late:
            row = row.filter(expires_at__gte=now)
        if not row.update(**changes):
            return _too_late(call, then, by)
        for name, value in changes.items():
            setattr(call, name, value)
        _tell(call, verb, by, waits)
    return call


def _too_late(call: ToolCall, then: CallStatus, by: Author) -> ToolCall:
    """Who decides the same again gets what came of it; anybody else the truth."""
    now = selectors.calls().get(pk=call.pk)
    undone = (*AWAITING, CallStatus.DECLINED, CallStatus.REJECTED, CallStatus.EXPIRED)
    same = now.status == then if then != CallStatus.QUEUED else now.status not in undone
    if same and now.decided_by == by.user and now.decided_at:
        return now
    raise CallDecided(now)


def _tell(call: ToolCall, verb: str, by: Author, waits: str) -> None:
    audit.record(
        tenant=call.tenant,
        actor=by.actor,
        action=f"tool_call.{verb}",
        target=call,
        data={"tool": call.tool_name, "conversation": call.conversation.name}
        | ({"reason": call.reason} if call.reason else {}),
    )
    if call.status == CallStatus.QUEUED:
        transaction.on_commit(bell.ring, robust=True)
        announce_call(call)
        return
    transaction.on_commit(lambda: metrics.count(call), robust=True)
    code = f"tool_{call.status}"
    if call.status == CallStatus.EXPIRED:
        code = "tool_confirmation_expired" if waits == _BY_CUSTOMER else "tool_approval_expired"
    tell(call, code, reason=call.reason)
