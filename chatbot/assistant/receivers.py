from typing import Any

from django.dispatch import receiver

from chatbot.assistant.services import queue_run
from chatbot.conversations.models import Conversation, Message
from chatbot.conversations.services import message_posted


@receiver(message_posted)
def answer_customers(message: Message, conversation: Conversation, **kwargs: Any) -> None:
    """Inside the message's transaction: no message without its run, no run without its message."""
    queue_run(message=message, conversation=conversation)
