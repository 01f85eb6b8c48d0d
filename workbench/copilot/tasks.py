"""What the copilot can be asked, and for whom."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Conversation
from chatbot.conversations.states import State
from chatplatform.accounts.models import User


class Task(TextChoices):
    SUGGEST = "suggest", _("Suggest")
    SUMMARISE = "summarise", _("Summarise")
    TRANSLATE = "translate", _("Translate")
    IMPROVE = "improve", _("Improve")


# They make a reply, so they are for whoever can send one.
FOR_A_REPLY = frozenset({Task.SUGGEST, Task.IMPROVE})


@dataclass(frozen=True)
class Job:
    """One thing to write. `text` is what the agent wrote, or the message to be translated; ""
    for the whole conversation. `language` is what it is to be written in, `reader` the agent's
    own: codes.
    """

    id: str
    task: Task
    agent: int
    conversation: Conversation
    text: str
    language: str
    reader: str


def can_reply(conversation: Conversation, agent: User) -> bool:
    """Whether the agent serves this customer now."""
    return conversation.state == State.ACTIVE and conversation.agent_id == agent.pk
