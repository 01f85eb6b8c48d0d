"""What a model's text is worth: an answer with sources, a question back, or nothing. In words."""

import re
from dataclasses import dataclass

from django.utils import translation

from chatbot.assistant import sentences
from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.dialogue.citations import cited, taken_from
from chatbot.assistant.dialogue.context import Context
from chatbot.assistant.embedded.answerer import source_of
from chatbot.assistant.guardrails.claims import claims_deed
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

LONGEST_QUESTION_BACK = 300
_SENTENCE_ENDS = re.compile(r"(?<=[.!?。！？])\s*")


@dataclass(frozen=True)
class Deeds:
    """What came of tools: whether one was `used` and gave a result, which decision one `awaits` (a
    CallStatus, or ""), and whether anything was `done` for the customer in this conversation."""

    used: bool = False
    awaits: str = ""
    done: bool = False


def grounded(text: str, context: Context, tenant: Tenant, deeds: Deeds) -> Answer:
    """The answer that the text makes. Nothing is given as fact that stands on nothing.

    ANSWERED with what it cites, or with a tool's result behind it; UNSURE for a question back;
    UNKNOWN for everything else, in our own words. What nobody did is not said to be done.
    """
    told, found = cited(text, context.passages)
    if not found and (one := taken_from(told, context.passages)):
        found = (one,)
    is_honest = deeds.done or not claims_deed(told, has_read=deeds.used)
    if is_honest and (found or deeds.used):
        with tenant_scope(tenant):
            sources = tuple(source_of(each, tenant) for each in found)
        return Answer(told, Outcome.ANSWERED, sources=sources)
    with translation.override(context.language):
        suggestions = (sentences.talk_to_a_person(),)
        if waiting := sentences.awaiting(deeds.awaits):
            return Answer(waiting, Outcome.ANSWERED)
        if is_honest and asks_back(told):
            return Answer(told, Outcome.UNSURE, suggestions=suggestions)
        return Answer(sentences.unknown(), Outcome.UNKNOWN, suggestions=suggestions)


def asks_back(text: str) -> bool:
    """Whether the text is a short question and says hardly anything besides."""
    said = [sentence for sentence in _SENTENCE_ENDS.split(text.strip()) if sentence]
    asked = [sentence for sentence in said if sentence.endswith(("?", "？"))]
    return bool(asked) and len(said) - len(asked) <= 1 and len(text) <= LONGEST_QUESTION_BACK
