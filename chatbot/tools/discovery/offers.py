"""What a server offers now, whatever its kind; to be compared with what people accepted."""

import asyncio
import re
from dataclasses import dataclass, field, replace
from typing import Any

from chatbot.tools import registry
from chatbot.tools.choices import Audience, Kind, Risk
from chatbot.tools.discovery import openapi
from chatbot.tools.models import ToolServer
from chatbot.tools.schemas.strangers import trouble_with
from chatplatform.kernel.scoping import tenant_scope

LONGEST_DESCRIPTION = 4_000


@dataclass(frozen=True)
class Offer:
    """One tool as its server describes it; `id` stays the same when that changes."""

    id: str
    name: str
    description: str
    input_schema: dict[str, Any]
    output_schema: dict[str, Any]
    title: str = ""
    risk: str = Risk.WRITE
    audience: str = Audience.ANYONE
    wordings: tuple[str, ...] = ()
    remote: dict[str, Any] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """What has to be accepted anew when it changes."""
        return {
            "description": self.description,
            "input_schema": self.input_schema,
            "output_schema": self.output_schema,
            "remote": {"id": self.id, **self.remote},
        }


@dataclass
class Offers:
    """All that a server offers, and sentences about what of it is not taken."""

    taken: list[Offer] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, offer: Offer) -> None:
        """Take it, if its schemas can be used; of a result's that can't, nothing is expected."""
        if trouble := trouble_with(offer.input_schema):
            self.left_out.append(f"{offer.name} is left out: {trouble}")
            return
        if trouble := trouble_with(offer.output_schema):
            self.left_out.append(f"results of {offer.name} are not checked: {trouble}")
            offer = replace(offer, output_schema={})
        self.taken.append(offer)


def offers_of(server: ToolServer) -> Offers:
    """Ask the server, in a thread without an event loop. ToolFailed says why it can't be asked."""
    found = Offers()
    if server.kind == Kind.MCP:
        from chatbot.tools.kinds import mcp_server  # its SDK is large: only who has such a server

        for tool in asyncio.run(mcp_server.list_tools(server)):
            found.add(_of_mcp(tool))
    elif server.kind == Kind.HTTP_API:
        contents = openapi.read(server.document)
        found.left_out += contents.left_out
        for operation in contents.operations:
            found.add(_of_operation(operation))
    else:
        with tenant_scope(server.tenant):
            found.taken += [_of_built_in(tool) for tool in registry.built_ins(server.tenant)]
    return found


def _of_built_in(tool: registry.BuiltIn) -> Offer:
    return Offer(
        id=tool.name,
        name=tool.name,
        description=tool.description,
        input_schema={**tool.arguments.model_json_schema(), "additionalProperties": False},
        output_schema=tool.answer.model_json_schema() if tool.answer else {},
        risk=tool.risk,
        audience=tool.audience,
        wordings=tool.wordings,
        remote={"name": tool.name},
    )


def _of_operation(operation: openapi.Operation) -> Offer:
    reads = operation.method == "get"
    return Offer(
        id=operation.id,
        name=_name(operation.name),
        title=operation.title[:120],
        description=operation.description[:LONGEST_DESCRIPTION],
        input_schema=operation.input_schema,
        output_schema=operation.output_schema,
        risk=Risk.READ if reads else Risk.WRITE,
        remote={
            "method": operation.method,
            "path": operation.path,
            "places": operation.places,
        },
    )


def _of_mcp(tool: Any) -> Offer:
    """What a server says of its own harmlessness is no reason to believe it: all of it writes,
    until somebody here says otherwise."""
    return Offer(
        id=tool.name,
        name=_name(tool.name),
        title=(tool.title or "")[:120],
        description=(tool.description or "")[:LONGEST_DESCRIPTION],
        input_schema=tool.input_schema,
        output_schema=tool.output_schema or {},
        remote={"name": tool.name},
    )


def _name(said: str) -> str:
    """As models take it: letters, digits, - and _, beginning with a letter."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", said).strip("_")[:64]
    return plain if re.match(r"[A-Za-z]", plain) else f"tool_{plain}"[:64]
