"""What a customer says to a call that waits for her: yes or no."""

from collections.abc import Callable

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chatbot.conversations.access import access_session
from chatbot.conversations.bodies import EmptyBody
from chatbot.conversations.tokens import bearer_token
from chatbot.tools import services
from chatbot.tools.access import access_own_call
from chatbot.tools.events import ToolCallOut
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.announcements import call_out
from chatplatform.kernel.http import read_body
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.protection import throttling
from chatplatform.protection.throttling import Rule
from chatplatform.tenants.admission import admit_page, count_call

_TAGS = ["customer"]


class ConfirmView(APIView):
    @extend_schema(
        operation_id="confirm_tool_call", request=EmptyBody, responses=ToolCallOut, tags=_TAGS
    )
    def post(self, request: Request, name: str, call: int) -> Response:
        """Allow what the assistant asked to do; it is done once. 409 if it is decided already."""
        return _decided(request, name, call, _confirm)


class DeclineView(APIView):
    @extend_schema(
        operation_id="decline_tool_call", request=EmptyBody, responses=ToolCallOut, tags=_TAGS
    )
    def post(self, request: Request, name: str, call: int) -> Response:
        """Refuse what the assistant asked to do."""
        return _decided(request, name, call, _decline)


def _confirm(call: ToolCall) -> ToolCall:
    return services.confirm_call(call=call)


def _decline(call: ToolCall) -> ToolCall:
    return services.decline_call(call=call)


def _decided(
    request: Request, name: str, call: int, decide: Callable[[ToolCall], ToolCall]
) -> Response:
    token = bearer_token(request.headers.get("Authorization", ""))
    conversation = access_session(token=token, name=name)
    count_call(conversation.tenant)
    admit_page(conversation.tenant, request._request)
    throttling.spend(Rule.MESSAGES, name)
    with tenant_scope(conversation.tenant):
        read_body(request, EmptyBody)
        decided = decide(access_own_call(conversation=conversation, call=call))
        return Response(call_out(decided).model_dump(mode="json"))
