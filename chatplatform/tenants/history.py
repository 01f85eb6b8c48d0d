"""What happens to tenants and their order, in the words of history; read by audit at its start."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "tenant.create": _("Tenant made"),
        "tenant.change": _("Tenant changed"),
        "plan.create": _("Plan made"),
        "plan.change": _("Plan changed"),
        "plan.delete": _("Plan deleted"),
        "quota.exhaust": _("Quota used up"),
        "department.create": _("Department made"),
        "department.change": _("Department changed"),
        "department.move": _("Department moved"),
        "department.delete": _("Department deleted"),
        "position.create": _("Position made"),
        "position.change": _("Position changed"),
        "position.delete": _("Position deleted"),
        "origin.allow": _("Website allowed"),
        "origin.forbid": _("Website no longer allowed"),
    },
    targets={
        "tenant": Target(_("Tenant"), "tenants.Tenant", "slug"),
        "plan": Target(_("Plan"), "tenants.Plan", "code"),
        "quota": Target(_("Quota")),
        "department": Target(_("Department"), "tenants.Department", "code"),
        "position": Target(_("Position"), "tenants.Position", "code"),
        "origin": Target(_("Website"), "tenants.AllowedOrigin", "origin"),
    },
)
