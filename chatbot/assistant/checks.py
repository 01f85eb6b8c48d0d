from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def model_endpoint_is_used(**kwargs: Any) -> list[CheckMessage]:
    """Nobody should believe that a model answers when keywords do."""
    if not settings.ASSISTANT_BASE_URL:
        return []
    return [
        Warning(
            "ASSISTANT_BASE_URL is set, but this version answers with the embedded answerer only.",
            hint="Unset ASSISTANT_BASE_URL, ASSISTANT_API_KEY and ASSISTANT_MODEL.",
            id="assistant.W001",
        )
    ]
