"""What the assistant did and wants to do: looked at, approved or rejected by agents."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.access import access_conversation
from chatbot.conversations.bodies import EmptyBody
from chatbot.tools import selectors, services
from chatbot.tools.access import access_call, access_decision
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.kernel.http import read_body
from workbench.desk.bodies import RejectBody
from workbench.desk.doors import agent_of
from workbench.desk.shapes import ToolCallDetails, ToolCallsOut, call_details

_TAGS = ["agent"]


class CallsView(AgentAPIView):
    @extend_schema(operation_id="list_tool_calls", responses=ToolCallsOut, tags=_TAGS)
    def get(self, request: Request, name: str) -> Response:
        """What the assistant did and wants to do in this conversation, in order."""
        conversation = access_conversation(user=agent_of(request.user), name=name)
        found = selectors.calls_of(conversation)
        shown = ToolCallsOut(results=[call_details(call) for call in found[:1_000]])
        return Response(shown.model_dump(mode="json"))


class CallView(AgentAPIView):
    @extend_schema(operation_id="get_tool_call", responses=ToolCallDetails, tags=_TAGS)
    def get(self, request: Request, call: int) -> Response:
        """One call with its arguments and its result, both masked."""
        found = access_call(user=agent_of(request.user), call=call)
        return Response(call_details(found).model_dump(mode="json"))


class ApproveView(AgentAPIView):
    @extend_schema(
        operation_id="approve_tool_call",
        request=EmptyBody,
        responses=ToolCallDetails,
        tags=_TAGS,
    )
    def post(self, request: Request, call: int) -> Response:
        """Allow it: it then runs once. 409 with `call` as it is if it is decided already."""
        agent = agent_of(request.user)
        found = access_decision(user=agent, call=call)
        read_body(request, EmptyBody)
        decided = services.approve_call(call=found, agent=agent)
        return Response(call_details(decided).model_dump(mode="json"))


class RejectView(AgentAPIView):
    @extend_schema(
        operation_id="reject_tool_call",
        request=RejectBody,
        responses=ToolCallDetails,
        tags=_TAGS,
    )
    def post(self, request: Request, call: int) -> Response:
        """Forbid it, for a reason that the customer reads."""
        agent = agent_of(request.user)
        found = access_decision(user=agent, call=call)
        reason = read_body(request, RejectBody).reason
        decided = services.reject_call(call=found, agent=agent, reason=reason)
        return Response(call_details(decided).model_dump(mode="json"))
