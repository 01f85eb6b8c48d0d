"""Times who is calling and which rows she may see; prints milliseconds and queries as JSON.

python -m benchmarks.access_timed TOKEN COUNT
"""

import json
import sys

import django

django.setup(set_prefix=False)

from allauth.headless.tokens.strategies.jwt.internal import (  # noqa: E402 - needs the app registry
    session_key_from_sid,
)
from django.conf import settings  # noqa: E402 - likewise
from django.db import connection  # noqa: E402 - likewise
from django.test.utils import CaptureQueriesContext  # noqa: E402 - likewise

from benchmarks import stamps  # noqa: E402 - likewise
from chatbot.conversations.models import Conversation  # noqa: E402 - likewise
from chatplatform.accounts.callers.authentication import (  # noqa: E402 - likewise
    BearerAuthentication,
    caller_of_scope,
)
from chatplatform.kernel.scoping import tenant_scope  # noqa: E402 - likewise
from realtime.serving import settle  # noqa: E402 - likewise

token, count = sys.argv[1], int(sys.argv[2])


def asked(header: str, value: str) -> float:
    """Milliseconds until her query stands, without those that the same takes unscoped."""
    began = stamps.now()
    caller = caller_of_scope({"headers": [(header.encode(), value.encode())]})
    assert caller and caller.user.tenant, "nobody is calling"  # noqa: PT018 - one fault
    known = stamps.now()
    with tenant_scope(caller.user.tenant):
        unscoped = str(Conversation.objects.all().query)
        compared = stamps.now()
        scoped = str(
            Conversation.objects.visible_to(caller.user).order_by("-last_message_at").query
        )
        ended = stamps.now()
    assert len(scoped) > len(unscoped), "she sees everything"
    return ((known - began) + (ended - compared) - (compared - known)) / 1000


def session_cookie() -> str:
    """The cookie of the session that the token belongs to."""
    sid = BearerAuthentication().authenticate_credentials(token)[1]["sid"]
    return f"{settings.SESSION_COOKIE_NAME}={session_key_from_sid(sid)}"


callers = {
    "access token": ("authorization", f"Bearer {token}"),
    "session cookie": ("cookie", session_cookie()),
}
settle()
told = {}
for name, caller in callers.items():
    for _ in range(5):  # connections, and what the process remembers of her rights
        asked(*caller)
    with CaptureQueriesContext(connection) as queries:
        asked(*caller)
    told[name] = {"queries": len(queries), "taken": [asked(*caller) for _ in range(count)]}
print(json.dumps(told))
