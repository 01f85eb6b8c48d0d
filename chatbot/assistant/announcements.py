"""What the customer sees while an answer is on its way: nothing that is kept."""

from django.utils import translation

from chatbot.assistant.events import AnswerDelta, HandoffBriefWritten
from chatbot.assistant.models import HandoffBrief, Run
from chatbot.conversations import authors, services
from chatbot.conversations.audience import audience
from chatbot.conversations.models import Conversation
from chatplatform.kernel.scoping import tenant_scope
from realtime import publish


def announce_typing(*, conversation: Conversation) -> None:
    """Tell the customer that an answer is on its way, which may take its time."""
    with tenant_scope(conversation.tenant), translation.override(conversation.language):
        services.announce_typing(conversation=conversation, author=authors.ai())


def announce_delta(*, run: Run, position: int, text: str) -> None:
    """Show the customer a piece of the answer."""
    name = run.conversation.name
    event = AnswerDelta(
        session_name=name, run=run.pk, version=run.version, position=position, text=text
    )
    source = authors.ai().source
    publish.event(event, to=audience(run.conversation), source=source, log=run.tenant.slug)


def announce_brief(*, brief: HandoffBrief) -> None:
    """Have open consoles show the brief as it is now; last in the transaction that changed it."""
    conversation = brief.conversation
    made_by = HandoffBrief.Author(brief.made_by).value
    event = HandoffBriefWritten(session_name=conversation.name, made_by=made_by)
    source = authors.ai().source
    publish.event(event, to=audience(conversation), source=source, log=conversation.tenant.slug)
