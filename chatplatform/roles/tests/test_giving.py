"""Nobody gives more than she has, or reaches further by giving."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from chatplatform.accounts.models import User
from chatplatform.accounts.tests.factories import UserFactory
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.errors import InvalidInput, NotFound, PermissionRefused
from chatplatform.roles import services
from chatplatform.roles.limits import groups_to_give, outranks, permissions_to_give, roles_to_give
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.services import BeyondOwnRights, RoleInUse
from chatplatform.roles.tests.conftest import Shop
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db

SERVE = ["serve_conversation"]
MANAGES = Q(codename__in=["add_role", "change_role", "delete_role", "view_role", "change_user"])


def permissions(*codenames: str) -> list[Permission]:
    found = Permission.objects.filter(codename__in=codenames)
    return list(found.select_related("content_type"))


def save(shop: Shop, by: User, *codenames: str, departments: Any = (), **about: Any) -> Role:
    new = Role(tenant=shop.tenant, name=about.pop("name", "New"), **about)
    return services.save_role(
        role=new, permissions=permissions(*codenames), departments=departments, by=by
    )


def test_a_permission_one_lacks_is_not_given(shop: Shop, ada: User) -> None:
    save(shop, ada, "serve_conversation", "change_user", scope=Scope.ALL)
    with pytest.raises(BeyondOwnRights):
        save(shop, ada, "delete_tenant", name="Mighty", scope=Scope.OWN)
    assert not Role.objects.filter(name="Mighty").exists()
    assert not Group.objects.filter(name__endswith="Mighty").exists(), "taken back"


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (Scope.OWN, True),
        (Scope.CUSTOM, True),
        (Scope.DEPARTMENT, False),  # whose department it will be, nobody knows
        (Scope.DEPARTMENT_TREE, False),
        (Scope.ALL, False),
    ],
)
def test_a_reach_one_lacks_is_not_given(shop: Shop, ben: User, scope: Scope, allowed: bool) -> None:
    about = MANAGES | Q(codename__in=SERVE)
    manager = role(shop.tenant, about, scope=Scope.CUSTOM, departments=[shop.sales])
    ben = give(ben, manager)
    if allowed:
        assert save(shop, ben, *SERVE, scope=scope, departments=[shop.sales]).pk
    else:
        with pytest.raises(BeyondOwnRights):
            save(shop, ben, *SERVE, scope=scope)
    with pytest.raises(BeyondOwnRights):
        save(shop, ben, *SERVE, name="Far", scope=Scope.CUSTOM, departments=[shop.support])


def test_reach_does_not_jump_from_one_permission_to_another(shop: Shop, ben: User) -> None:
    """Managing everybody's account is no right to see everybody's conversations."""
    manager = role(shop.tenant, MANAGES, scope=Scope.ALL)
    ben = give(ben, manager, role(shop.tenant, SERVE, scope=Scope.OWN))
    assert save(shop, ben, "change_user", name="People", scope=Scope.ALL).pk
    with pytest.raises(BeyondOwnRights):
        save(shop, ben, *SERVE, scope=Scope.ALL)


def test_a_limited_role_is_not_passed_on_without_its_limits(shop: Shop, ben: User) -> None:
    limit = {"conversations.conversation": {"language": "en"}}
    limited = role(shop.tenant, MANAGES | Q(codename__in=SERVE), constraints=limit)
    with pytest.raises(BeyondOwnRights):
        save(shop, give(ben, limited), *SERVE, scope=Scope.ALL)


def test_a_role_that_may_more_is_neither_changed_nor_switched_off(
    shop: Shop, ben: User, ada: User
) -> None:
    mighty = save(shop, ada, "change_tenant", name="Mighty", scope=Scope.ALL)
    ben = give(ben, role(shop.tenant, MANAGES))
    mighty.enabled = False
    with pytest.raises(BeyondOwnRights):
        services.save_role(role=mighty, permissions=[], by=ben)
    with pytest.raises(BeyondOwnRights):
        services.delete_role(role=mighty, by=ben)
    assert Role.objects.get(pk=mighty.pk).enabled


def test_roles_of_others_are_not_ones_own_to_write(
    shop: Shop, ada: User, sam: User, other_tenant: Tenant
) -> None:
    theirs = role(other_tenant, SERVE)
    builtin = Role.objects.get(tenant=None, name="agent")
    for foreign in (theirs, builtin):
        with pytest.raises(PermissionRefused):
            services.save_role(role=foreign, permissions=[], by=ada)
        with pytest.raises(PermissionRefused):
            services.delete_role(role=foreign, by=ada)
    with pytest.raises(PermissionRefused):
        services.save_role(role=Role(tenant=other_tenant, name="X"), permissions=[], by=ada)
    with pytest.raises(PermissionRefused):
        services.save_role(role=Role(tenant=None, name="X"), permissions=[], by=ada)


def test_departments_of_others_can_not_be_chosen(
    shop: Shop, ada: User, operator: User, other_tenant: Tenant
) -> None:
    with pytest.raises(InvalidInput):
        services.save_role(
            role=Role(tenant=None, name="X", scope=Scope.CUSTOM),
            permissions=[],
            departments=[shop.sales],
            by=operator,
        )


def test_two_roles_of_a_tenant_have_two_names(
    shop: Shop, ada: User, sam: User, operator: User, other_tenant: Tenant
) -> None:
    save(shop, ada, *SERVE)
    with pytest.raises(InvalidInput):
        save(shop, ada, *SERVE)
    role_of_neighbours = Role(tenant=other_tenant, name="New")
    assert services.save_role(role=role_of_neighbours, permissions=[], by=operator).pk
    with pytest.raises(InvalidInput):
        services.save_role(role=Role(tenant=None, name="agent"), permissions=[], by=operator)


def test_a_role_that_people_have_stays(shop: Shop, ada: User, ben: User, operator: User) -> None:
    made = save(shop, ada, *SERVE)
    ben = give(ben, made)
    with pytest.raises(RoleInUse):
        services.delete_role(role=made, by=ada)
    give(ben)
    services.delete_role(role=made, by=ada)
    assert not Role.objects.filter(pk=made.pk).exists()
    assert AuditEntry.objects.get(action="role.delete").before["name"] == "New"
    with pytest.raises(PermissionRefused):
        services.delete_role(role=Role.objects.get(tenant=None, name="agent"), by=operator)


def test_what_is_beyond_the_giver_stays_as_it_was(shop: Shop, ben: User, cleo: User) -> None:
    lead = give(ben, role(shop.tenant, MANAGES | Q(codename__in=SERVE)))
    small = role(shop.tenant, SERVE, name="Small")
    services.set_roles(user=cleo, roles=[small], by=lead)
    assert set(cleo.groups.values_list("name", flat=True)) == {"supervisor", small.group.name}
    services.set_roles(user=cleo, roles=[], by=lead)
    assert set(cleo.groups.values_list("name", flat=True)) == {"supervisor"}
    with pytest.raises(BeyondOwnRights):
        services.set_roles(user=ben, roles=[Role.objects.get(name="administrator")], by=lead)


def test_roles_are_given_to_those_whom_one_sees(
    shop: Shop, ada: User, ben: User, bea: User, sam: User
) -> None:
    with pytest.raises(NotFound):
        services.set_roles(user=sam, roles=[], by=ada)
    lead = give(ben, role(shop.tenant, MANAGES, scope=Scope.DEPARTMENT))
    with pytest.raises(NotFound):
        services.set_roles(user=bea, roles=[], by=lead)
    with pytest.raises(PermissionRefused):
        services.set_roles(user=lead, roles=[], by=bea)
    assert sam.groups.exists()
    assert bea.groups.exists()


def test_a_neighbours_role_can_not_be_given(
    shop: Shop, ada: User, ben: User, other_tenant: Tenant
) -> None:
    theirs = role(other_tenant, SERVE)
    with pytest.raises(BeyondOwnRights):
        services.set_roles(user=ben, roles=[theirs], by=ada)
    assert theirs.group not in groups_to_give(ada, tenant=shop.tenant)


def test_what_is_offered_is_what_may_be_given(shop: Shop, ada: User, ben: User) -> None:
    offered = {each.codename for each in permissions_to_give(ada)}
    assert "change_user" in offered
    assert not {"delete_tenant", "add_session", "delete_group", "change_log"} & offered
    assert {each.name for each in roles_to_give(ada, tenant=shop.tenant)} == {
        "agent",
        "supervisor",
        "administrator",
    }
    assert not outranks(ben, ada)
    assert outranks(ada, fresh(ben))


def test_switching_a_permission_off_takes_effect_at_once(shop: Shop, ada: User, ben: User) -> None:
    made = save(shop, ada, *SERVE, scope=Scope.ALL)
    ben = give(ben, made)
    assert ben.has_perm("conversations.serve_conversation")
    made.enabled = False
    services.save_role(role=made, permissions=permissions(*SERVE), by=ada)
    assert not fresh(ben).has_perm("conversations.serve_conversation")
    line = AuditEntry.objects.filter(action="role.change").get()
    assert (line.before, line.after) == ({"enabled": True}, {"enabled": False})


@pytest.mark.parametrize("scope", [Scope.DEPARTMENT, Scope.DEPARTMENT_TREE])
def test_whose_department_is_known_may_be_given_a_role_for_it_by_who_reaches_that(
    shop: Shop, ben: User, scope: Scope
) -> None:
    lead = give(ben, role(shop.tenant, MANAGES | Q(codename__in=SERVE), scope=scope))
    agents = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT)
    below = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT_TREE)
    everywhere = role(shop.tenant, SERVE, scope=Scope.ALL)

    def offered(department: Any) -> set[Role]:
        someone = UserFactory.create(tenant=shop.tenant, department=department)
        return {*roles_to_give(lead, tenant=shop.tenant, to=someone)} & {agents, below, everywhere}

    tree = scope == Scope.DEPARTMENT_TREE
    assert offered(shop.sales) == ({agents, below} if tree else {agents})
    assert offered(shop.east) == ({agents, below} if tree else set())
    assert offered(shop.support) == set()
    assert offered(None) == set()
