from chatplatform.tenants.models.department import Department
from chatplatform.tenants.models.origin import AllowedOrigin
from chatplatform.tenants.models.plan import Plan
from chatplatform.tenants.models.position import Position
from chatplatform.tenants.models.tenant import Tenant
from chatplatform.tenants.models.usage import UsageCounter

__all__ = ["AllowedOrigin", "Department", "Plan", "Position", "Tenant", "UsageCounter"]
