from typing import Any

from django.dispatch import receiver

from chatbot.assistant.briefs.services import write_brief
from chatbot.assistant.services import queue_run
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import message_posted, transfer_requested


@receiver(message_posted)
def answer_customers(message: Message, conversation: Conversation, **kwargs: Any) -> None:
    """Inside the message's transaction: no message without its run, no run without its message."""
    queue_run(message=message, conversation=conversation)


@receiver(transfer_requested)
def brief_people(conversation: Conversation, trigger: str, note: str, **kwargs: Any) -> None:
    """Inside the transfer's transaction: nobody waits without a brief."""
    write_brief(conversation=conversation, trigger=trigger, note=note)
