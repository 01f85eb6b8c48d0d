"""Calls that were allowed: claimed by one worker, and given up for lost when it died."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chatbot.tools import selectors
from chatbot.tools.calling.execution import Ended
from chatbot.tools.calling.wishes import GRACE
from chatbot.tools.choices import CallStatus, Risk
from chatbot.tools.models import ToolCall
from chatbot.tools.services.finishing import finish_call, finish_read
from chatplatform.kernel.scoping import all_tenants


def claim_call(*, worker: str) -> ToolCall | None:
    """The oldest allowed call, now the worker's; None if there is none. It is run once, or never.

    A tool that was switched off meanwhile is not run any more: its call fails.
    """
    with all_tenants():
        for call in selectors.calls().filter(status=CallStatus.QUEUED).order_by("pk")[:8]:
            limit = call.tool.server.timeout if call.tool else 0
            until = timezone.now() + timedelta(seconds=limit) + GRACE
            free = ToolCall.objects.filter(pk=call.pk, status=CallStatus.QUEUED)
            if free.update(status=CallStatus.RUNNING, worker=worker, lease_until=until, attempts=1):
                call.status, call.worker, call.lease_until = CallStatus.RUNNING, worker, until
                return call
    return None


def give_up_lost() -> int:
    """End the calls whose process died over them; how many. What may have changed something is
    uncertain: people look, nothing is tried again."""
    with all_tenants():
        lost = selectors.calls().filter(status=CallStatus.RUNNING, lease_until__lt=timezone.now())
        found = list(lost[:50])
    for call in found:
        _give_up(call)
    return len(found)


@transaction.atomic
def _give_up(call: ToolCall) -> None:
    if call.risk == Risk.READ:
        finish_read(call=call, ended=Ended(CallStatus.FAILED, error="the worker died"))
    else:
        finish_call(call=call, ended=Ended(CallStatus.UNCERTAIN, error="the worker died"))
