"""The only doors for names and tokens from outside: each fetches and authorises, or turns away."""

import re
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Conversation, Customer
from chatbot.conversations.selectors import rows
from chatplatform.accounts.models import User
from chatplatform.kernel.errors import (
    ApplicationError,
    NotAuthenticated,
    NotFound,
    PermissionRefused,
)
from chatplatform.kernel.ids import hash_token
from chatplatform.kernel.scoping import all_tenants
from chatplatform.kernel.visibility import visible
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import TenantClosed

_TENANT_OF_A_STREAM = ("tenant__slug", "tenant__status", "tenant__expires_at")
_NAME = re.compile(r"[\w-]{1,64}", re.ASCII)


class UnknownSession(NotFound):
    code = "unknown_session"
    title = _("There is no such session.")


class InvalidToken(NotAuthenticated):
    code = "invalid_token"
    title = _("This session needs the token it was opened with.")
    hint = _("Send the `token` that came with the session, or with an earlier one.")


def known_customer(*, token: str, tenant: Tenant | None = None) -> Customer | None:
    """The customer who holds that token (of that tenant, if given), or None; suspended ones have no
    customers."""
    if not token:
        return None
    with all_tenants():
        found = Customer.objects.select_related("tenant").filter(
            token_hash=hash_token(token), tenant__status=Tenant.Status.ACTIVE
        )
        if tenant is not None:
            found = found.filter(tenant=tenant)
        customer: Customer | None = found.first()
    return customer


def access_session(*, token: str, name: str) -> Conversation:
    """The customer's own conversation of that name.

    InvalidToken without a token that some customer holds; UnknownSession if there is none of that
    name or it is somebody else's; TenantClosed if the tenant has expired. Opens no scope: the
    caller enters the conversation's tenant.
    """
    with all_tenants():
        found = _own(token, name, Conversation.objects.select_related("tenant__plan", "customer"))
    if not found or not found[0].tenant.is_open:
        raise _turned_away(token)
    conversation: Conversation = found[0]
    return conversation


def access_session_log(*, token: str, name: str) -> str:
    """The log that the customer's own session is in, for a stream; errors as in `access_session`.

    Fetches no more than that, by few conditions: a thousand streams may come back at once.
    """
    with all_tenants():
        found = _own(token, name, Conversation.objects.values_list(*_TENANT_OF_A_STREAM))
    if not found:
        raise _turned_away(token)
    slug, status, expires_at = found[0]
    if not Tenant(status=status, expires_at=expires_at).is_open:
        raise _turned_away(token)
    return str(slug)


def access_conversation(*, user: User, name: str) -> Conversation:
    """A conversation that the agent may see.

    UnknownSession outside her tenant and beyond her roles' reach, PermissionRefused for those who
    may not serve customers.
    """
    serves = user.has_perm("conversations.serve_conversation")
    with all_tenants():
        found = _found(name, visible(rows(), user) if serves else rows(), tenant=user.tenant_id)
    if not serves:
        raise PermissionRefused(_("You may not serve customers."))
    return found


def _own(token: str, name: str, wanted: QuerySet[Any]) -> list[Any]:
    """One row of `wanted` if the token opens the session of that name, else none."""
    if not token or not _NAME.fullmatch(name):
        return []
    own = wanted.filter(name=name, customer__token_hash=hash_token(token))
    return list(own.order_by())


def _turned_away(token: str) -> ApplicationError:
    customer = known_customer(token=token)
    if customer is None:
        return InvalidToken()
    return UnknownSession() if customer.tenant.is_open else TenantClosed()


def _found(name: str, among: QuerySet[Conversation], **owner: object) -> Conversation:
    # The name goes to the database only if it could be one: PostgreSQL fails on a NUL.
    if not _NAME.fullmatch(name):
        raise UnknownSession
    try:
        return among.get(name=name, **owner)
    except Conversation.DoesNotExist:
        raise UnknownSession from None
