from typing import Any

from django.dispatch import receiver

from chatbot.assistant.answerer import Trigger
from chatbot.assistant.briefs.services import write_brief
from chatbot.assistant.services import queue_run
from chatbot.conversations import authors, selectors
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import message_posted, request_transfer, transfer_requested
from chatbot.conversations.states import State
from chatbot.tools.models import ToolCall
from chatbot.tools.telling.announcements import person_needed
from chatplatform.kernel.scoping import tenant_scope


@receiver(person_needed)
def fetch_person(call: ToolCall, **kwargs: Any) -> None:
    """Nobody approved in time what the AI may not do alone, or nobody knows whether it was done: a
    person goes on, if the AI has the customer."""
    with tenant_scope(call.conversation.tenant):  # the worker looks after every company's calls
        conversation = selectors.current(call.conversation)
        if conversation.state == State.AI_ACTIVE:
            request_transfer(
                conversation=conversation,
                actor=authors.ai(),
                reason=call.title,
                trigger=Trigger.APPROVAL.value,
            )


@receiver(message_posted)
def answer_customers(message: Message, conversation: Conversation, **kwargs: Any) -> None:
    """Inside the message's transaction: no message without its run, no run without its message."""
    queue_run(message=message, conversation=conversation)


@receiver(transfer_requested)
def brief_people(conversation: Conversation, trigger: str, note: str, **kwargs: Any) -> None:
    """Inside the transfer's transaction: nobody waits without a brief."""
    write_brief(conversation=conversation, trigger=trigger, note=note)
