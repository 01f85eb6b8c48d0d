"""The language models of the assistant's room, as the copilot uses them."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from chatbot.assistant.providers import completion
from chatbot.assistant.providers.endpoints import candidates
from chatbot.assistant.providers.parts import Lack, NoModel, TextDelta
from chatbot.assistant.providers.purposes import Purpose
from chatplatform.kernel.errors import ApplicationError
from chatplatform.tenants import quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from workbench.copilot.errors import (
    CopilotTooSlow,
    ModelFailed,
    NoModelConnected,
    TokensUsedUp,
)
from workbench.copilot.prompts import Prompt

Written = AsyncGenerator[str]

_LACKS: dict[Lack, type[ApplicationError]] = {
    Lack.NOT_CONFIGURED: NoModelConnected,
    Lack.EXHAUSTED: TokensUsedUp,
    Lack.FAILED: ModelFailed,
    Lack.OVERTIME: CopilotTooSlow,
}


def refusal(tenant: Tenant) -> ApplicationError | None:
    """Why no model may be asked for this tenant now; None if one may. A few queries."""
    if completion.available(tenant):
        return None
    if not candidates(tenant):
        return NoModelConnected()
    return ModelFailed() if quotas.is_left(tenant, Metric.AI_TOKENS) else TokensUsedUp()


async def written(tenant: Tenant, prompt: Prompt, *, seconds: float) -> Written:
    """The whole text so far, each time there is more of it; another model begins it anew.

    Raises NoModelConnected, TokensUsedUp, ModelFailed, or CopilotTooSlow after so many seconds.
    """
    text = ""
    asked = completion.stream(
        tenant,
        prompt.messages,
        purpose=Purpose.COPILOT,
        max_tokens=prompt.longest,
        seconds=seconds,
    )
    try:
        async with aclosing(asked) as parts:
            async for part in parts:
                if isinstance(part, TextDelta):
                    text = part.text if part.anew else text + part.text
                    yield text
    except NoModel as none:
        raise _LACKS[none.lack] from none
