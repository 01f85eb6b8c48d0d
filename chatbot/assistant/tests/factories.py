from datetime import timedelta
from typing import Any

from django.utils import timezone

from chatbot.assistant.answerer import Answer, Outcome
from chatbot.assistant.models import Run
from chatbot.assistant.services import claim_runs
from chatbot.conversations import authors, services
from chatbot.conversations.models import Conversation, Message
from chatplatform.kernel.scoping import all_tenants, tenant_scope

ANSWER = Answer("Two to four working days.", Outcome.ANSWERED)


def ask(conversation: Conversation, text: str = "How long does delivery take?") -> Run:
    """The run of a customer's new message."""
    with tenant_scope(conversation.tenant):
        author = authors.customer(conversation.customer)
        posted = services.post_message(conversation=conversation, author=author, text=text)
        run: Run = Run.objects.get(trigger=posted.message)
    return run


def claimed(worker: str = "a") -> Run:
    """A run that this worker has got."""
    run = next(iter(claim_runs(worker=worker, most=1)), None)
    assert run is not None
    return run


def worker_dies(run: Run) -> None:
    """Nobody renews the lease any more, and it ends."""
    with all_tenants():
        leased = Run.objects.filter(pk=run.pk, lease_until__isnull=False)
        leased.update(lease_until=timezone.now() - timedelta(milliseconds=1))


def now(run: Run) -> Run:
    """The run as the database has it."""
    with all_tenants():
        found: Run = Run.objects.select_related("answer", "conversation").get(pk=run.pk)
    return found


def said_by_ai(conversation: Conversation) -> list[str]:
    """What the AI said, in order."""
    return [message.text for message in ai_messages(conversation)]


def ai_messages(conversation: Conversation, **matching: Any) -> list[Message]:
    with all_tenants():
        found = Message.objects.filter(conversation=conversation, author_kind="ai", **matching)
        return list(found.order_by("pk"))
