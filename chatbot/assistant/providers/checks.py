from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register


@register()
def model_is_named(**kwargs: Any) -> list[CheckMessage]:
    """Nobody should believe that a model answers when keywords do."""
    if not settings.ASSISTANT_BASE_URL or settings.ASSISTANT_MODEL:
        return []
    return [
        Warning(
            "ASSISTANT_BASE_URL is set, but not which model to ask there: it is not asked.",
            hint="Set ASSISTANT_MODEL, or unset ASSISTANT_BASE_URL.",
            id="assistant.W001",
        )
    ]
