from collections.abc import AsyncIterable, Iterable
from typing import Any

from chatbot.assistant.providers.models import ModelCall, Provider
from chatbot.assistant.providers.parts import Finished, Part, TextDelta, ToolCalls
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.model_server import ModelServer

PATIENT = {"connect_timeout": 10, "first_token_timeout": 10, "timeout": 20}  # the machine is busy


def connect(server: ModelServer, tenant: Tenant | None = None, **values: Any) -> Provider:
    """A provider row that leads to the server: everybody's, or the tenant's."""
    defaults = {"name": "Loopback", "base_url": server.url, "model": "test", "api_key": "k-1"}
    with all_tenants():
        row: Provider = Provider.objects.create(tenant=tenant, **{**defaults, **PATIENT, **values})
    return row


def calls() -> list[ModelCall]:
    """Every call that was recorded, in order."""
    with all_tenants():
        return list(ModelCall.objects.order_by("pk"))


async def collected(parts: AsyncIterable[Part]) -> list[Part]:
    return [part async for part in parts]


def shown(parts: Iterable[Part]) -> str:
    """What counts of the text in the end."""
    text = ""
    for part in parts:
        if isinstance(part, TextDelta):
            text = part.text if part.anew else text + part.text
    return text


def called(parts: Iterable[Part]) -> list[tuple[str, str]]:
    """Names and arguments of the tools that were called."""
    return [
        (call.name, call.arguments)
        for part in parts
        if isinstance(part, ToolCalls)
        for call in part.calls
    ]


def finish(parts: list[Part]) -> Finished:
    """The last part."""
    last = parts[-1]
    assert isinstance(last, Finished)
    return last
