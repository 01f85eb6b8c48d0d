"""What an agent, a supervisor and an administrator may do: the installation's own roles."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from chatplatform.roles.models import Role, Scope

SERVE = (
    Q(
        content_type__app_label="conversations",
        codename__in=["serve_conversation", "route_conversation"],
    )
    | Q(content_type__app_label="evaluation", codename="collect_case")
    | Q(content_type__app_label="tools", codename="approve_toolcall")
)
READ_ALL = Q(codename__startswith="view_") & Q(
    content_type__app_label__in=[
        "conversations",
        "knowledge",
        "embedders",
        "assistant",
        "providers",
        "prompts",
        "tools",
        "moderation",
        "evaluation",
        "audit",
    ]
)
LOOK_AFTER_PEOPLE = Q(
    content_type__app_label="accounts", codename__in=["view_user", "change_user"]
) | Q(content_type__app_label="tenants", codename__in=["view_department", "view_position"])
REVIEW = Q(content_type__app_label="moderation", codename="change_hit")
MANAGED = [
    "tenants",
    "accounts",
    "api_keys",
    "knowledge",
    "embedders",
    "assistant",
    "providers",
    "prompts",
    "tools",
    "moderation",
    "evaluation",
    "roles",
    "configuration",
    "dictionaries",
]
MANAGE = Q(content_type__app_label__in=MANAGED) & ~Q(
    content_type__model="tenant", codename__startswith="delete_"
)
EXPORT = Q(content_type__app_label="audit", codename="export_auditentry")

ROLES: dict[str, Q] = {
    "agent": SERVE,
    "supervisor": SERVE | READ_ALL | REVIEW | LOOK_AFTER_PEOPLE,
    "administrator": SERVE | READ_ALL | MANAGE | EXPORT,
}


def grant_roles(**_: object) -> None:
    """Make the roles and give them what they lack; what an operator added or chose stays."""
    for name, permissions in ROLES.items():
        group, _created = Group.objects.get_or_create(name=name)
        Role.objects.get_or_create(group=group, defaults={"name": name, "scope": Scope.ALL})
        group.permissions.add(*Permission.objects.filter(permissions))
