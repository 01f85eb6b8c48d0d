"""The only doors for ids of calls from outside: each fetches and authorises, or turns away."""

from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Conversation
from chatbot.tools import selectors
from chatbot.tools.models import ToolCall
from chatbot.tools.selectors import APPROVE
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotFound, PermissionRefused
from chatplatform.kernel.visibility import visible


class UnknownCall(NotFound):
    code = "unknown_tool_call"
    title = _("There is no such tool call.")


def access_own_call(*, conversation: Conversation, call: int) -> ToolCall:
    """A call of the customer's own conversation, in its scope."""
    return _found(selectors.calls_of(conversation).filter(pk=call).first())


def access_call(*, user: User, call: int) -> ToolCall:
    """A call in a conversation that this agent may see, in her tenant's scope."""
    return _found(visible(selectors.calls().filter(pk=call), user).first())


def access_decision(*, user: User, call: int) -> ToolCall:
    """The same, for one who may approve and reject it; PermissionRefused for others."""
    found = access_call(user=user, call=call)
    if not may_decide(user, found):
        raise PermissionRefused(_("You may not approve what the assistant wants to do."))
    return found


def may_decide(user: User, call: ToolCall) -> bool:
    """Whether she has the permission, and one of the roles the tool is limited to."""
    if not user.has_perm(APPROVE):
        return False
    wanted = {role.group_id for role in call.tool.roles.all()} if call.tool else set()
    return not wanted or user.groups.filter(pk__in=wanted).exists()


def _found(call: ToolCall | None) -> ToolCall:
    if call is None:
        raise UnknownCall
    return call
