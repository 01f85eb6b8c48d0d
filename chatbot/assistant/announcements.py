"""What the customer sees while an answer is on its way: nothing that is kept."""

from django.utils import translation

from chatbot.assistant.events import AnswerDelta
from chatbot.assistant.models import Run
from chatbot.conversations import authors, services
from chatbot.conversations.audience import audience
from chatplatform.kernel.scoping import tenant_scope
from realtime import publish


def announce_typing(*, run: Run) -> None:
    """Tell the customer that an answer is on its way."""
    with tenant_scope(run.tenant), translation.override(run.conversation.language):
        services.announce_typing(conversation=run.conversation, author=authors.ai())


def announce_delta(*, run: Run, position: int, text: str) -> None:
    """Show the customer a piece of the answer."""
    name = run.conversation.name
    event = AnswerDelta(session_name=name, run=run.pk, position=position, text=text)
    source = authors.ai().source
    publish.event(event, to=audience(run.conversation), source=source, log=run.tenant.slug)
