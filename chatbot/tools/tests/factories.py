"""Tools to play with."""

from typing import Any

from pydantic import BaseModel, Field

from chatbot.conversations.models import Conversation
from chatbot.tools import registry, services
from chatbot.tools.calling.caller import Caller
from chatbot.tools.choices import Audience, CallStatus, Kind, Risk
from chatbot.tools.models import Tool, ToolCall, ToolServer
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


class Weighing(BaseModel):
    """Arguments of the tool most tests use."""

    parcel: str = Field(pattern="^P[0-9]+$", title="parcel")
    unit: str = "kg"


class Weight(BaseModel):
    kilos: float


class Scale:
    """A tool's function that remembers by whom and with what it was called."""

    def __init__(self, answer: Any = None, error: Exception | None = None) -> None:
        self.answer, self.error = answer or Weight(kilos=2.5), error
        self.calls: list[tuple[str, BaseModel]] = []

    def __call__(self, caller: Caller, asked: BaseModel) -> Any:
        self.calls.append((caller.key, asked))
        if self.error:
            raise self.error
        return self.answer


def server(tenant: Tenant, kind: Kind = Kind.BUILTIN, **fields: Any) -> ToolServer:
    fields = {"name": f"{kind} server", "timeout": 5, **fields}
    return services.save_server(server=ToolServer(tenant=tenant, kind=kind, **fields))


def weigh(tenant: Tenant, run: Scale | None = None, **fields: Any) -> Tool:
    """The built-in tool `weigh`, enabled; reads unless told otherwise."""
    known = registry.BuiltIn(
        name="weigh",
        title="Weigh a parcel",
        description="How heavy a parcel is.",
        arguments=Weighing,
        answer=Weight,
        run=run or Scale(),
        says="It weighs {kilos} kg.",
        wordings=("How heavy is parcel P1?",),
    )
    registry.register(known)
    owner = ToolServer.objects.filter(tenant=tenant, kind=Kind.BUILTIN).first() or server(tenant)
    services.sync_server(server=owner)
    tool: Tool = Tool.objects.get(tenant=tenant, name="weigh")
    for name, value in {
        "enabled": True,
        "risk": Risk.READ,
        "audience": Audience.ANYONE,
        **fields,
    }.items():
        setattr(tool, name, value)
    return services.save_tool(tool=tool)


def call(conversation: Conversation, status: CallStatus, **fields: Any) -> ToolCall:
    """A call that stands in a conversation, made by nobody."""
    with tenant_scope(conversation.tenant):
        made: ToolCall = ToolCall.objects.create(
            tenant=conversation.tenant,
            conversation=conversation,
            tool_name="refund_order",
            status=status,
            idempotency_key="k",
            **fields,
        )
    return made
