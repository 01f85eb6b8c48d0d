"""What an agent's stream may hear: her own channel, everyone's, and the sessions she may see."""

from chatbot.conversations.models import Conversation
from chatplatform.accounts.authentication import caller_of_scope
from chatplatform.kernel.errors import ApplicationError
from chatplatform.protection import throttling
from chatplatform.roles.listening import listening
from realtime import channels
from realtime.streams import Refused, Scope, Subscription
from realtime.threads import in_thread
from workbench.desk.doors import agent_of, tenant_of


async def authorize(scope: Scope) -> Subscription:
    """The agent's subscription, by access token or session cookie; else Refused 401, 403 or 429."""
    throttling.spend_of_stream(scope)
    return await in_thread(_subscription, scope)


def _subscription(scope: Scope) -> Subscription:
    try:
        caller = caller_of_scope(scope)
        agent = agent_of(caller.user if caller else None)
        log = tenant_of(agent).slug
    except ApplicationError as error:
        raise Refused(error.status, error.code, str(error.detail)) from None
    sessions = listening(agent, Conversation, each="session")
    return Subscription(
        log=log,
        channels=sessions.channels | {channels.agent(agent.pk), channels.BROADCAST},
        grant=caller.grant if caller else None,
        admits=sessions.admits,
    )
