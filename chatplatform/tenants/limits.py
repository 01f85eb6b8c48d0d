"""How much of each metric a tenant may use: its own limits, then its plan's, then no limit."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Tenant

UNLIMITED = -1  # as a tenant's own limit: more than its plan's


class InvalidLimits(InvalidInput):
    code = "invalid_limits"
    title = _("A limit is a whole number from 0, or -1 for no limit.")


def limit_of(tenant: Tenant, metric: Metric) -> int | None:
    """The most this tenant may use, in the metric's unit; None: as much as it likes."""
    limits = {**(tenant.plan.limits if tenant.plan else {}), **tenant.limits}
    limit: int = limits.get(metric, UNLIMITED)
    return None if limit == UNLIMITED else limit


def checked(limits: Any) -> dict[str, int]:
    """The limits if they are some: {metric: from 0, or UNLIMITED}; else InvalidLimits."""
    if not isinstance(limits, dict) or not set(limits) <= set(Metric):
        raise InvalidLimits
    if not all(type(limit) is int and UNLIMITED <= limit < 2**63 for limit in limits.values()):
        raise InvalidLimits
    return {str(metric): limit for metric, limit in limits.items()}
