"""Who hears of a conversation: an agent's scope is drawn by channels, so no event costs a query."""

from chatbot.conversations.models import Conversation
from realtime import channels


def audience(conversation: Conversation) -> list[str]:
    """The channels of its events, as it stands: its own, its agent's, its language's.

    Who may see every conversation listens to `sse:session:*`. Who may see some listens to those
    agents' (and departments') channels, and may refuse by language (`Subscription.admits`).
    """
    heard = [channels.session(conversation.name), channels.language(conversation.language)]
    if conversation.agent_id is not None:
        heard.append(channels.agent(conversation.agent_id))
    return heard
