"""What an agent's stream may hear: her own channel, everyone's, and every session of her tenant."""

from chatplatform.accounts.authentication import caller_of_scope
from chatplatform.kernel.errors import ApplicationError
from realtime import channels
from realtime.streams import Refused, Scope, Subscription
from realtime.threads import in_thread
from workbench.desk.doors import agent_of, tenant_of


async def authorize(scope: Scope) -> Subscription:
    """The agent's subscription, by access token or session cookie; else Refused 401 or 403."""
    return await in_thread(_subscription, scope)


def _subscription(scope: Scope) -> Subscription:
    try:
        caller = caller_of_scope(scope)
        agent = agent_of(caller.user if caller else None)
        log = tenant_of(agent).slug
    except ApplicationError as error:
        raise Refused(error.status, error.code, str(error.detail)) from None
    heard = {channels.agent(agent.pk), channels.BROADCAST, channels.every_session()}
    grant = caller.grant if caller else None
    return Subscription(log=log, channels=frozenset(heard), grant=grant)
