"""The demo companies' departments, positions, roles and people: what each reach looks like."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.roles.models import Role, Scope
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Department, Position, Tenant

SERVE = frozenset({"conversations.serve_conversation", "conversations.route_conversation"})
LEAD = SERVE | {
    "conversations.view_conversation",
    "conversations.view_message",
    "accounts.view_user",
    "accounts.add_user",
    "accounts.change_user",
    "tenants.view_department",
    "tenants.view_position",
    "roles.view_role",
}


@dataclass(frozen=True)
class DemoRole:
    name: str
    scope: Scope
    permissions: frozenset[str]


@dataclass(frozen=True)
class DemoPerson:
    """`role` is one of the company's own."""

    username: str
    display_name: str
    department: str
    position: str
    role: str


@dataclass(frozen=True)
class DemoCompany:
    """`departments` maps each to the one above it, "" for none, from the top down; `positions`
    code to name, highest first."""

    tenant: str
    departments: dict[str, str]
    positions: dict[str, str]
    roles: tuple[DemoRole, ...]
    people: tuple[DemoPerson, ...]


COMPANIES = (
    DemoCompany(
        tenant="demo",
        departments={
            "Customer service": "",
            "Pre-sales": "Customer service",
            "After-sales": "Customer service",
        },
        positions={"lead": "Team lead", "specialist": "Specialist", "trainee": "Trainee"},
        roles=(
            DemoRole("Customer service lead", Scope.DEPARTMENT_TREE, LEAD),
            DemoRole("Pre-sales agent", Scope.DEPARTMENT, SERVE),
            DemoRole("After-sales agent", Scope.DEPARTMENT, SERVE),
            DemoRole("Trainee", Scope.OWN, SERVE),
        ),
        people=(
            DemoPerson("lead", "Laura", "Customer service", "lead", "Customer service lead"),
            DemoPerson("presales1", "Peter", "Pre-sales", "specialist", "Pre-sales agent"),
            DemoPerson("aftersales1", "Amy", "After-sales", "specialist", "After-sales agent"),
            DemoPerson("aftersales2", "Arthur", "After-sales", "specialist", "After-sales agent"),
            DemoPerson("trainee", "Tina", "After-sales", "trainee", "Trainee"),
        ),
    ),
    DemoCompany(
        tenant="other",
        departments={"Help desk": ""},
        positions={},
        roles=(DemoRole("Help desk agent", Scope.DEPARTMENT, SERVE),),
        people=(DemoPerson("outsider2", "Olivia", "Help desk", "", "Help desk agent"),),
    ),
)


def seed_company(company: DemoCompany, tenant: Tenant, *, password: str) -> None:
    """Make what is missing of it, in its tenant's scope; leave alone what is there."""
    with tenant_scope(tenant):
        for name, above in company.departments.items():
            _department(tenant, name, above)
        for rank, (code, name) in enumerate(company.positions.items(), start=1):
            _position(tenant, code, name, rank)
        for role in company.roles:
            _role(tenant, role)
        for person in company.people:
            _person(tenant, person, password)


def _department(tenant: Tenant, name: str, above: str) -> None:
    if not Department.objects.filter(name=name).exists():
        parent = Department.objects.get(name=above) if above else None
        tenants.create_department(tenant=tenant, name=name, parent=parent, actor=SYSTEM)


def _position(tenant: Tenant, code: str, name: str, rank: int) -> None:
    if not Position.objects.filter(code=code).exists():
        position = Position(tenant=tenant, code=code, name=name, rank=rank)
        tenants.save_position(position=position, actor=SYSTEM)


def _role(tenant: Tenant, wanted: DemoRole) -> None:
    if Role.objects.filter(tenant=tenant, name=wanted.name).exists():
        return
    group = Group.objects.create(name=f"{tenant.slug}/{wanted.name}")  # as roles' service names it
    Role.objects.create(tenant=tenant, group=group, name=wanted.name, scope=wanted.scope)
    group.permissions.set(_permissions(wanted.permissions))


def _permissions(names: frozenset[str]) -> QuerySet[Permission]:
    wanted = Q()
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return Permission.objects.filter(wanted)


def _person(tenant: Tenant, wanted: DemoPerson, password: str) -> None:
    if User.objects.filter(username=wanted.username).exists():
        return
    person = User(
        tenant=tenant,
        username=wanted.username,
        display_name=wanted.display_name,
        email=f"{wanted.username}@{tenant.slug}.example",
        department=Department.objects.get(name=wanted.department),
        position=Position.objects.filter(code=wanted.position).first(),
    )
    person.set_password(password)
    person.save()
    person.groups.add(Role.objects.get(tenant=tenant, name=wanted.role).group)
