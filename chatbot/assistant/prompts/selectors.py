"""Reads. All need the tenant's scope."""

from chatbot.assistant.prompts import defaults
from chatbot.assistant.prompts.models import Prompt
from chatplatform.tenants.models import Tenant


def published_prompt(tenant: Tenant) -> Prompt:
    """What holds now; with nothing published, the built-in instructions (an unsaved version 0)."""
    found: Prompt | None = Prompt.objects.filter(status=Prompt.Status.PUBLISHED).first()
    return found or built_in(tenant)


def built_in(tenant: Tenant) -> Prompt:
    return Prompt(tenant=tenant, number=0)


def instructions_in(prompt: Prompt, language: str) -> str:
    """The text in that language; the built-in one where nothing was written in it."""
    if language == "zh-hans":
        return prompt.chinese.strip() or defaults.chinese()
    return prompt.english.strip() or defaults.english()
