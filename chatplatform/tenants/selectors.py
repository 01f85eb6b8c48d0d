from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import NotFound
from chatplatform.tenants.models import Tenant


class UnknownTenant(NotFound):
    code = "unknown_tenant"
    title = _("There is no such tenant.")


def active_tenant(slug: str) -> Tenant:
    """The tenant of that slug, or UnknownTenant if there is none or it is suspended."""
    tenant = Tenant.objects.filter(slug=slug, status=Tenant.Status.ACTIVE).first()
    if tenant is None:
        raise UnknownTenant
    return tenant
