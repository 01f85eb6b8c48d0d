"""What a customer's stream may hear: her own session, and nothing else."""

from collections.abc import Mapping
from typing import Any

from chatbot.conversations.access import access_session, access_session_log
from chatbot.conversations.tokens import stream_token
from chatplatform.kernel.errors import ApplicationError
from chatplatform.protection import throttling
from chatplatform.protection.cross_origin import foreign_origin
from chatplatform.tenants.admission import admit_page
from chatplatform.tenants.grants import customers_grant
from realtime import channels
from realtime.streams import Refused, Scope, Subscription
from realtime.threads import in_thread


async def authorize(scope: Scope) -> Subscription:
    """The session named in the address, for whoever holds its token; else Refused.

    With 401, 403 (the page is not one of the tenant's), 404 or 429.
    """
    throttling.spend_of_stream(scope)
    return await in_thread(_own_session, scope)


def session_name(scope: Mapping[str, Any]) -> str:
    """The session's name in the address of a stream or socket."""
    return str(scope["url_route"]["kwargs"]["name"])


def _own_session(scope: Scope) -> Subscription:
    token, name = stream_token(scope), session_name(scope)
    try:
        if foreign_origin(scope):
            admit_page(access_session(token=token, name=name).tenant, scope)
        log = access_session_log(token=token, name=name)
    except ApplicationError as error:
        raise Refused(error.status, error.code, str(error.detail)) from None
    return Subscription(
        log=log,
        channels=frozenset({channels.session(name)}),
        grant=customers_grant(log),  # a tenant's log has its name
    )
