"""Which customers' streams may stay open: those of tenants that are."""

from chatplatform.tenants.models import Tenant
from chatplatform.tenants.selectors import open_tenants
from realtime.streams import Grant

CUSTOMER = "customer"


def customers_grant(slug: str) -> Grant:
    """The right of a customer's stream: it holds while the tenant of that slug is open."""
    return Grant(CUSTOMER, slug)


def of_open_tenants(grants: set[Grant]) -> set[Grant]:
    """Those whose tenant is open. One query."""
    slugs = {grant.key for grant in grants}
    still_open = set(
        Tenant.objects.filter(open_tenants(), slug__in=slugs).values_list("slug", flat=True)
    )
    return {grant for grant in grants if grant.key in still_open}
