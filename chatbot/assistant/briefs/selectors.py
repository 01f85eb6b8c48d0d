"""The brief that holds now."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chatbot.assistant.models import HandoffBrief
from chatbot.conversations.models import Conversation
from chatbot.conversations.states import State
from chatbot.conversations.wire import Shape
from chatplatform.kernel.errors import NotFound

_FOR_AGENTS = (State.QUEUED, State.ACTIVE)


class NoBrief(NotFound):
    code = "no_brief"
    title = _("There is no brief: nobody waits here, and nobody is served.")


class FactOut(Shape):
    label: str
    value: str
    confirmed: bool


class SourceOut(Shape):
    title: str
    url: str


class BriefOut(Shape):
    """What the person should know. `suggested_reply` is in the customer's language, what a model
    wrote in `language`, what rules found in the reader's. `confirmed` facts stand in the
    customer's own words."""

    session_name: str
    trigger: str
    goal: str
    facts: list[FactOut]
    tried: list[str]
    sources: list[SourceOut]
    mood: str
    open_question: str
    suggested_reply: str
    note: str
    language: str
    made_by: str
    created_at: datetime


def brief_of(conversation: Conversation) -> HandoffBrief | None:
    """The brief of a customer who waits or is served; None for others."""
    if conversation.state not in _FOR_AGENTS:
        return None
    latest = HandoffBrief.objects.filter(conversation=conversation).order_by("-version")
    found: HandoffBrief | None = latest.first()
    return found


def brief_answer(conversation: Conversation, brief: HandoffBrief) -> BriefOut:
    worded = {"facts": brief.worded_facts, "tried": brief.worded_steps}
    fields = BriefOut.model_fields.keys() - {"session_name"} - worded.keys()
    return BriefOut.model_validate(
        {"session_name": conversation.name}
        | {name: getattr(brief, name) for name in fields}
        | worded
    )
