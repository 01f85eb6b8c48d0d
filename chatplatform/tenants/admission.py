"""Whether a tenant takes a call: how many a minute its plan allows, and from which pages."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import PermissionRefused
from chatplatform.protection import throttling
from chatplatform.protection.cross_origin import foreign_origin
from chatplatform.tenants.limits import limit_of
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import origin_allowed


class OriginRefused(PermissionRefused):
    code = "origin_not_allowed"
    title = _("This site may not use the chat.")
    hint = _("The chat's owner adds the page's origin to those allowed.")


def count_call(tenant: Tenant) -> None:
    """Count a call of the API; TooManyRequests beyond the plan's REQUESTS_PER_MINUTE. No query."""
    most = limit_of(tenant, Metric.REQUESTS_PER_MINUTE)
    if most is not None:
        throttling.spend_of_tenant(tenant.pk, most)


def admit_page(tenant: Tenant, request_or_scope: HttpRequest | dict[str, Any]) -> None:
    """OriginRefused if a page calls that the tenant's chat is not for.

    One query, for a page of another site; our own and who is no browser cost none.
    """
    origin = foreign_origin(request_or_scope)
    if origin and not origin_allowed(tenant, origin):
        raise OriginRefused
