"""Reads. All need the tenant's scope."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from chatbot.conversations.models import Conversation
from chatbot.tools.choices import Audience, CallStatus, Risk
from chatbot.tools.models import Tool, ToolCall
from chatplatform.accounts.models import User
from chatplatform.kernel.visibility import visible

APPROVE = "tools.approve_toolcall"


def tools_for(conversation: Conversation, agent: User | None = None) -> QuerySet[Tool]:
    """The tools that may be used in this conversation now: by the assistant on the customer's
    behalf, or by this agent."""
    found: QuerySet[Tool] = Tool.objects.select_related("server").filter(
        enabled=True, missing=False, offered__isnull=True, server__enabled=True
    )
    if agent is not None:
        mine = Q(roles=None) | Q(roles__group__in=agent.groups.all())
        return found.filter(mine).distinct()
    known = (Audience.ANYONE, Audience.KNOWN) if conversation.customer.email else (Audience.ANYONE,)
    return found.filter(audience__in=known)


def worded(tools: QuerySet[Tool]) -> QuerySet[Tool]:
    """Those with example wordings; asked for with every message, so without their server, whose
    document is long and whose secret is encrypted."""
    asked = ("tenant", "name", "remote", "input_schema", "wordings", "answers", "identity")
    return tools.exclude(wordings="").select_related(None).only(*asked)


def calls() -> QuerySet[ToolCall]:
    """Calls with all that showing and deciding them needs."""
    found: QuerySet[ToolCall] = ToolCall.objects.select_related(
        "tool__server", "conversation__tenant", "conversation__customer", "decided_by"
    )
    return found


def calls_of(conversation: Conversation) -> QuerySet[ToolCall]:
    """Those of a conversation, in order."""
    return calls().filter(conversation=conversation).order_by("pk")


def approvals_for(user: User) -> QuerySet[ToolCall]:
    """What waits for this agent to approve or reject it, most urgent first. A tool with several
    roles of hers comes several times."""
    found: QuerySet[ToolCall] = ToolCall.objects.filter(
        status=CallStatus.AWAITING_APPROVAL, expires_at__gt=timezone.now()
    )
    if not user.has_perm(APPROVE):
        return found.none()
    hers = Q(tool__roles=None) | Q(tool__roles__group__in=user.groups.all())
    return visible(found.filter(hers), user).order_by("expires_at")


def has_acted(conversation: Conversation) -> bool:
    """Whether a call that was allowed has changed or paid something."""
    done = ToolCall.objects.filter(conversation=conversation, status=CallStatus.OK)
    return bool(done.exclude(risk=Risk.READ).exists())
