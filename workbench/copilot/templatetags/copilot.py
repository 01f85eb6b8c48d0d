"""What the console's templates ask of the copilot."""

from django import template
from django.utils.translation import get_language

from chatbot.conversations.models import Message
from chatbot.knowledge.words import language_of
from workbench.copilot.offers import Offer, offers
from workbench.copilot.tasks import FOR_A_REPLY, Task
from workbench.copilot.worker import patience
from workbench.desk.thread import Thread

register = template.Library()

KEYS = {Task.SUGGEST: "s", Task.SUMMARISE: "m", Task.TRANSLATE: "t", Task.IMPROVE: "i"}


@register.simple_tag
def copilot_offers(thread: Thread) -> list[Offer]:
    """The tasks that make sense in this thread, those that can't be done now with why; none if all
    can't."""
    tasks = [task for task in Task if thread.is_mine or task not in FOR_A_REPLY]
    found = offers(thread.conversation.tenant, tasks)
    return found if any(offer.available for offer in found) else []


@register.simple_tag
def copilot_patience() -> int:
    """Seconds that the console waits for an answer."""
    return patience()


@register.filter
def is_foreign(message: Message) -> bool:
    """Whether a message is in another script than the reader's language."""
    reader = get_language() or "en"
    return language_of(message.text, fallback=reader) != reader


@register.filter
def copilot_key(task: Task) -> str:
    """The key that asks for a task."""
    return KEYS[task]
