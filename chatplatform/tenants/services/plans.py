from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import Conflict
from chatplatform.tenants.limits import checked
from chatplatform.tenants.models import Plan


class PlanInUse(Conflict):
    code = "plan_in_use"
    title = _("Tenants still have this plan.")


@transaction.atomic
def save_plan(*, plan: Plan, actor: Actor) -> Plan:
    """Keep a new or changed plan; InvalidLimits unless `limits` maps metrics to whole numbers.

    Its tenants' histories say, too, that what they may use has changed.
    """
    action = "plan.create" if plan._state.adding else "plan.change"
    before = stored_values_of(plan)
    plan.limits = checked(plan.limits)
    plan.save()
    for tenant in (None, *plan.tenants.all()):
        audit.record(
            tenant=tenant,
            actor=actor,
            action=action,
            target=plan.code,
            before=before,
            after=values_of(plan),
        )
    return plan


@transaction.atomic
def delete_plan(*, plan: Plan, actor: Actor) -> None:
    """Remove a plan that no tenant has; PlanInUse otherwise."""
    if plan.tenants.exists():
        raise PlanInUse
    before = values_of(plan)
    audit.record(tenant=None, actor=actor, action="plan.delete", target=plan.code, before=before)
    plan.delete()
