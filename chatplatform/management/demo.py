"""The demo tenants: the people who log in, where they work, and what the AI knows."""

from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction

from chatbot.knowledge.demo import seed_demo_articles
from chatbot.moderation.demo import seed_demo_words
from chatbot.tools.demo import seed_demo_tools
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.management.demo_company import COMPANIES, seed_company
from chatplatform.roles.defaults import ROLES, grant_roles
from chatplatform.tenants.models import Tenant

PASSWORD = "demo-pass-1234"  # noqa: S105 - printed for everyone; seeding refuses outside DEBUG


@dataclass(frozen=True)
class DemoUser:
    """`role` is the group; an administrator is a superuser of the installation too."""

    username: str
    tenant: str
    role: str
    display_name: str


TENANTS = {"demo": "Morrow", "other": "Other company"}
USERS = (
    DemoUser("agent1", "demo", "agent", "Alice"),
    DemoUser("agent2", "demo", "agent", "Bob"),
    DemoUser("supervisor", "demo", "supervisor", "Susan"),
    DemoUser("admin", "demo", "administrator", "Adam"),
    DemoUser("outsider", "other", "agent", "Oscar"),
)


def logins() -> list[str]:
    """Who can log in, as lines for a terminal."""
    lines = [(user.username, user.role, TENANTS[user.tenant]) for user in USERS]
    for company in COMPANIES:
        lines += [(one.username, one.role, TENANTS[company.tenant]) for one in company.people]
    told = [f"    {name:<12} {role:<22} {tenant}" for name, role, tenant in lines]
    return ["", f"  Log in with the password  {PASSWORD}  as", *told]


@transaction.atomic
def seed() -> None:
    """Make what is missing and leave alone what is there; may run as often as you like."""
    assert set(ROLES) >= {user.role for user in USERS}  # noqa: S101 - two tables, one vocabulary
    grant_roles()
    tenants = {slug: _tenant(slug, name) for slug, name in TENANTS.items()}
    for user in USERS:
        _user(user, tenants[user.tenant])
    for company in COMPANIES:
        seed_company(company, tenants[company.tenant], password=PASSWORD)
    with tenant_scope(tenants["demo"]):
        seed_demo_articles(tenants["demo"])
        seed_demo_words(tenants["demo"])
        seed_demo_tools(tenants["demo"])


def _tenant(slug: str, name: str) -> Tenant:
    return Tenant.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def _user(wanted: DemoUser, tenant: Tenant) -> None:
    administers = wanted.role == "administrator"
    user, created = User.objects.get_or_create(
        username=wanted.username,
        defaults={
            "tenant": tenant,
            "display_name": wanted.display_name,
            "email": f"{wanted.username}@{wanted.tenant}.example",
            "is_staff": administers,
            "is_superuser": administers,
        },
    )
    if created:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    user.groups.add(Group.objects.get(name=wanted.role))
