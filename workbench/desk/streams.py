"""What a stream may hear: one's own channel, everyone's, the sessions and people one may see."""

from django.db.models import Q

from chatbot.conversations.models import Conversation
from chatplatform.accounts.callers.authentication import caller_of_scope
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import ApplicationError
from chatplatform.protection import throttling
from chatplatform.roles.listening import Listening, listening, together
from realtime import channels
from realtime.streams import Refused, Scope, Subscription
from realtime.threads import in_thread
from workbench.desk.doors import colleague_of, tenant_of


async def authorize(scope: Scope) -> Subscription:
    """The agent's subscription, by access token or session cookie; else Refused 401, 403 or 429."""
    throttling.spend_of_stream(scope)
    return await in_thread(_subscription, scope)


def _subscription(scope: Scope) -> Subscription:
    try:
        caller = caller_of_scope(scope)
        user = colleague_of(caller.user if caller else None)
        log = tenant_of(user).slug
    except ApplicationError as error:
        raise Refused(error.status, error.code, str(error.detail)) from None
    heard = _heard_by(user)
    return Subscription(
        log=log,
        channels=heard.channels | {channels.agent(user.pk), channels.BROADCAST},
        grant=caller.grant if caller else None,
        admits=heard.admits,
    )


def _heard_by(user: User) -> Listening:
    """Sessions for whoever serves, people for whoever may look at them, and herself for everyone.

    A permission is asked of the user, so that an API key hears what is in its scopes.
    """
    serves, looks = "conversations.serve_conversation", "accounts.view_user"
    return together(
        listening(user, Conversation, each="session", permission=serves),
        listening(user, User, each="person", permission=looks, besides=Q(pk=user.pk)),
    )
