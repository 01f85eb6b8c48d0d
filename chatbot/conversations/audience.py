"""Who hears of a conversation: an agent's scope is drawn by channels, so no event costs a query."""

from chatbot.conversations.models import Conversation
from realtime import channels


def audience(conversation: Conversation) -> list[str]:
    """The channels of its events, as it stands: its own, its department's, agent's and language's.

    Who may see every conversation listens to `sse:session:*`. Who may see some listens to those
    departments' and her own agent's channel, and refuses what her roles leave out of them
    (`Subscription.admits`). `none` is said too: what is nobody's yet is everybody's.
    """
    return [
        channels.session(conversation.name),
        channels.department(conversation.department_id),
        channels.agent(conversation.agent_id),
        channels.language(conversation.language),
    ]
