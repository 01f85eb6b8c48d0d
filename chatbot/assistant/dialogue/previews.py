"""What a model would be sent for a question that nobody has asked."""

from dataclasses import dataclass
from typing import Any

from chatbot.assistant.answerer import Question
from chatbot.assistant.dialogue import context
from chatbot.assistant.dialogue.request_human import DEFINITION
from chatbot.assistant.prompts.models import Prompt
from chatbot.assistant.providers.endpoints import budget_of
from chatbot.assistant.providers.tokens import estimate_messages
from chatplatform.kernel.scoping import tenant_scope


@dataclass(frozen=True)
class Preview:
    """`messages` as the API takes them; `tokens` and `passages` are numbers."""

    messages: list[dict[str, Any]]
    tokens: int
    passages: int
    is_covered: bool


def preview(prompt: Prompt, text: str, language: str) -> Preview:
    """The messages for this question, with these instructions, of a customer without a history."""
    tenant = prompt.tenant
    question = Question(tenant=tenant, session_name="", text=text, language=language)
    with tenant_scope(tenant):
        built = context.build(
            question, budget=budget_of(tenant).context, tools=[DEFINITION], prompt=prompt
        )
    return Preview(
        messages=built.messages,
        tokens=estimate_messages(built.messages, [DEFINITION]),
        passages=len(built.passages),
        is_covered=built.is_covered,
    )
