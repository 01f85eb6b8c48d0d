from django.db.models import F

from chatplatform.tenants.models import Tenant


def bump_access(tenant: Tenant) -> None:
    """Say, in the caller's transaction, that who may do what in this tenant has changed.

    Until the commit it also locks the tenant's row: callers that read its tree first wait here.
    """
    Tenant.objects.filter(pk=tenant.pk).update(access_version=F("access_version") + 1)
