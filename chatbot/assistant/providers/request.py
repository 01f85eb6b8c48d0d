"""What a model is asked, whichever provider is to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.assistant.providers.endpoints import Endpoint
from chatbot.assistant.providers.purposes import Purpose
from chatplatform.tenants.models import Tenant

Message = Mapping[str, Any]
# Asks for `max_completion_tokens` instead of `max_tokens`: some models know only the one, some
# servers only the other. Learned from the refusal.
_newer: set[Endpoint] = set()


@dataclass(frozen=True)
class Request:
    """`messages` and `tools` are as the API takes them; `run` is the key of the Run that asks."""

    tenant: Tenant
    messages: Sequence[Message]
    tools: Sequence[Mapping[str, Any]]
    purpose: Purpose
    run: int | None
    max_tokens: int

    def body(self, endpoint: Endpoint) -> dict[str, Any]:
        """The arguments of `chat.completions.create`."""
        limit = "max_completion_tokens" if endpoint in _newer else "max_tokens"
        body: dict[str, Any] = {
            "model": endpoint.model,
            "messages": list(self.messages),
            limit: self.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        return {**body, "tools": list(self.tools)} if self.offers_tools(endpoint) else body

    def offers_tools(self, endpoint: Endpoint) -> bool:
        return bool(self.tools) and endpoint.can_use_tools


def learn_limit(endpoint: Endpoint, refusal: str) -> bool:
    """Whether the refusal was about the name of the limit, and another try may do."""
    if "max_completion_tokens" not in refusal or endpoint in _newer:
        return False
    _newer.add(endpoint)
    return True
