"""What can happen to a tenant and its organisation. Each function is one transaction."""

from chatplatform.tenants.services.access import bump_access
from chatplatform.tenants.services.departments import (
    KEEP,
    change_department,
    create_department,
    delete_department,
    move_department,
)
from chatplatform.tenants.services.origins import allow_origin, forbid_origin
from chatplatform.tenants.services.plans import delete_plan, save_plan
from chatplatform.tenants.services.positions import delete_position, save_position
from chatplatform.tenants.services.tenants import save_tenant

__all__ = [
    "KEEP",
    "allow_origin",
    "bump_access",
    "change_department",
    "create_department",
    "delete_department",
    "delete_plan",
    "delete_position",
    "forbid_origin",
    "move_department",
    "save_plan",
    "save_position",
    "save_tenant",
]
