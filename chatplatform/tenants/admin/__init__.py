from chatplatform.tenants.admin.departments import DepartmentAdmin
from chatplatform.tenants.admin.plans import PlanAdmin
from chatplatform.tenants.admin.positions import PositionAdmin
from chatplatform.tenants.admin.tenants import TenantAdmin
from chatplatform.tenants.admin.usage import UsageCounterAdmin

__all__ = ["DepartmentAdmin", "PlanAdmin", "PositionAdmin", "TenantAdmin", "UsageCounterAdmin"]
