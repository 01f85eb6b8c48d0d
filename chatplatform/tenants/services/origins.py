from django.db import transaction

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.tenants.models import AllowedOrigin, Tenant
from chatplatform.tenants.origins import normalised


@transaction.atomic
def allow_origin(*, tenant: Tenant, origin: str, actor: Actor) -> AllowedOrigin:
    """Let the web site show the tenant's chat; InvalidOrigin unless `scheme://host[:port]`."""
    written = normalised(origin)
    allowed: AllowedOrigin
    allowed, created = AllowedOrigin.objects.get_or_create(tenant=tenant, origin=written)
    if created:
        audit.record(tenant=tenant, actor=actor, action="origin.allow", target=written)
    return allowed


@transaction.atomic
def forbid_origin(*, tenant: Tenant, origin: str, actor: Actor) -> None:
    """No longer; without any origin left, every site may again."""
    gone, _ = AllowedOrigin.objects.filter(tenant=tenant, origin=normalised(origin)).delete()
    if gone:
        audit.record(tenant=tenant, actor=actor, action="origin.forbid", target=normalised(origin))
