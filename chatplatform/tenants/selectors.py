from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatplatform.kernel.errors import NotFound, PermissionRefused
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import AllowedOrigin, Department, Position, Tenant
from chatplatform.tenants.models.department import DEEPEST, LEVEL
from chatplatform.tenants.origins import InvalidOrigin, normalised


class UnknownTenant(NotFound):
    code = "unknown_tenant"
    title = _("There is no such tenant.")


class TenantClosed(PermissionRefused):
    code = "tenant_closed"
    title = _("This chat is closed.")


def active_tenant(slug: str) -> Tenant:
    """The tenant of that slug, with its plan.

    UnknownTenant if there is none or it is suspended, TenantClosed if it has expired.
    """
    found = Tenant.objects.select_related("plan")
    tenant = found.filter(slug=slug, status=Tenant.Status.ACTIVE).first()
    if tenant is None:
        raise UnknownTenant
    if tenant.is_expired:
        raise TenantClosed
    return tenant


def open_tenants(prefix: str = "") -> Q:
    """`Tenant.is_open` as a condition; `prefix` leads to the tenant, as in "conversation__"."""
    not_expired = Q((f"{prefix}expires_at", None)) | Q((f"{prefix}expires_at__gt", timezone.now()))
    return not_expired & Q((f"{prefix}status", Tenant.Status.ACTIVE))


def origin_allowed(tenant: Tenant, origin: str) -> bool:
    """Whether a page of that origin may show and call the tenant's chat. One query.

    A tenant without allowed origins lets every one.
    """
    allowed = allowed_origins(tenant)
    try:
        return not allowed or normalised(origin) in allowed
    except InvalidOrigin:
        return False


def allowed_origins(tenant: Tenant) -> list[str]:
    """The tenant's origins, as browsers write them; none: every origin is allowed."""
    with tenant_scope(tenant):
        return list(AllowedOrigin.objects.filter(tenant=tenant).values_list("origin", flat=True))


def departments_of(tenant: Tenant) -> QuerySet[Department]:
    """The tenant's departments by name, with parent and leader; inside its scope."""
    rows: QuerySet[Department] = Department.objects.filter(tenant=tenant)
    return rows.select_related("parent", "leader")


def height(department: Department) -> int:
    """Levels from the department to the lowest below it, both counted; inside its scope."""
    below = Department.objects.filter(path__startswith=department.path)
    deepest: int = below.aggregate(deepest=Max(LEVEL))["deepest"]
    return deepest - department.level + 1


def possible_parents(tenant: Tenant, department: Department | None) -> QuerySet[Department]:
    """Where a department may hang: not below itself, nor so low that it would pass the last level.

    None: a new one.
    """
    rows = departments_of(tenant).annotate(depth=LEVEL)
    if department is None:
        return rows.filter(depth__lt=DEEPEST)
    fitting = rows.filter(depth__lte=DEEPEST - height(department))
    return fitting.exclude(path__startswith=department.path)


def positions_of(tenant: Tenant) -> QuerySet[Position]:
    """The tenant's positions, the lowest rank first; inside its scope."""
    rows: QuerySet[Position] = Position.objects.filter(tenant=tenant)
    return rows
