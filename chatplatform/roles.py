"""What an agent, a supervisor and an administrator may do: the groups and their permissions."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

SERVE = Q(content_type__app_label="conversations", codename="serve_conversation")
READ_ALL = Q(codename__startswith="view_") & Q(
    content_type__app_label__in=["conversations", "knowledge", "assistant", "audit"]
)
MANAGE = Q(content_type__app_label__in=["tenants", "accounts", "knowledge"]) & ~Q(
    content_type__model="tenant", codename__startswith="delete_"
)

ROLES: dict[str, Q] = {
    "agent": SERVE,
    "supervisor": SERVE | READ_ALL,
    "administrator": SERVE | READ_ALL | MANAGE,
}


def grant_roles(**_: object) -> None:
    """Make the groups and give them what they lack; what an operator added stays."""
    for name, permissions in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(*Permission.objects.filter(permissions))
