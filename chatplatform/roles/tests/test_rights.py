"""Rights are read once per change: what drops the memory, and what asking costs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from chatbot.conversations.models import Conversation
from chatplatform.accounts.models import User
from chatplatform.audit.actors import SYSTEM
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.rights import rights_of
from chatplatform.roles.tests.conftest import Shop, in_department
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants import services as tenants
from chatplatform.tenants.models import Tenant

pytestmark = pytest.mark.django_db(transaction=True)
SERVE = Q(codename="serve_conversation")


def version(tenant: Tenant) -> int:
    return Tenant.objects.values_list("access_version", flat=True).get(pk=tenant.pk)


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        act()
    return len(asked)


def test_rights_are_asked_for_once(shop: Shop, ben: User) -> None:
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.DEPARTMENT_TREE))
    assert queries(lambda: rights_of(ben)) == 3, "roles, permissions, departments"
    later = fresh(ben)
    assert queries(lambda: rights_of(later)) == 0
    assert queries(lambda: later.has_perm("conversations.serve_conversation")) == 0
    assert queries(lambda: Conversation.objects.visible_to(later)) == 0


def test_every_kind_of_scope_costs_four_queries_at_most(shop: Shop, ben: User) -> None:
    roles = [role(shop.tenant, SERVE, scope=scope) for scope in Scope.values]
    ben = give(ben, *roles)
    assert queries(lambda: rights_of(ben)) == 4


CHANGES: dict[str, Callable[[Shop, User, Role], Any]] = {
    "her roles": lambda shop, user, held: user.groups.clear(),
    "her roles, from the group": lambda shop, user, held: held.group.user_set.remove(user),
    "all who have it": lambda shop, user, held: held.group.user_set.clear(),
    "the role's reach": lambda shop, user, held: _save(held, scope=Scope.OWN),
    "the role is switched off": lambda shop, user, held: _save(held, enabled=False),
    "the role's limits": lambda shop, user, held: _save(held, constraints={"a": {}}),
    "the role's departments": lambda shop, user, held: held.departments.add(shop.support),
    "the role is gone": lambda shop, user, held: held.delete(),
    "its group is gone": lambda shop, user, held: held.group.delete(),
    "its permissions": lambda shop, user, held: held.group.permissions.add(
        Permission.objects.get(codename="view_article")
    ),
    "her department": lambda shop, user, held: in_department(user, shop.east),
    "she is switched off": lambda shop, user, held: _save(user, is_active=False),
    "the tree": lambda shop, user, held: tenants.move_department(
        department=shop.support, parent=shop.sales, actor=SYSTEM
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_by_the_next_request(shop: Shop, ben: User, change: str) -> None:
    held = role(shop.tenant, SERVE, scope=Scope.CUSTOM, departments=[shop.sales], name="Some")
    tree = role(shop.tenant, SERVE, scope=Scope.DEPARTMENT_TREE, name="Tree")
    ben = give(ben, held, tree)
    before = rights_of(ben)
    CHANGES[change](shop, fresh(ben), held)
    assert rights_of(fresh(ben)) != before


def test_a_builtin_role_concerns_every_tenant(shop: Shop, other_tenant: Tenant) -> None:
    before = version(shop.tenant), version(other_tenant)
    agents = Group.objects.get(name="agent")
    agents.permissions.add(Permission.objects.get(codename="view_article"))
    assert version(shop.tenant) > before[0]
    assert version(other_tenant) > before[1]


def test_a_tenants_role_concerns_no_other(shop: Shop, other_tenant: Tenant) -> None:
    before = version(other_tenant)
    role(shop.tenant, SERVE)
    assert version(other_tenant) == before


def test_signing_in_and_choosing_a_language_change_no_rights(shop: Shop, ben: User) -> None:
    before = version(shop.tenant)
    ben.save(update_fields=["last_login"])
    ben.save(update_fields=["language"])
    assert version(shop.tenant) == before


def test_what_is_taken_back_is_not_remembered(shop: Shop, ben: User) -> None:
    """The next change gets the same number; what was read meanwhile must not answer for it."""
    ben = give(ben, role(shop.tenant, SERVE))

    class Regret(Exception):
        pass

    def look_and_regret() -> None:
        with transaction.atomic():
            give(ben)
            assert not rights_of(fresh(ben)).permissions
            raise Regret

    with pytest.raises(Regret):
        look_and_regret()
    give(ben, role(shop.tenant, SERVE | Q(codename="view_article")))
    assert "knowledge.view_article" in rights_of(fresh(ben)).permissions


def test_another_process_sees_it_too(shop: Shop, ben: User) -> None:
    """Whoever remembers, does so by a number that comes with the user, from the database."""
    ben = give(ben, role(shop.tenant, SERVE))
    rights_of(ben)
    with connection.cursor() as elsewhere:
        elsewhere.execute("DELETE FROM accounts_user_groups WHERE user_id = %s", [ben.pk])
        assert rights_of(fresh(ben)).roles, "remembered"
        elsewhere.execute("UPDATE tenants_tenant SET access_version = access_version + 1")
    assert not rights_of(fresh(ben)).roles


def test_an_operator_without_a_tenant_is_never_remembered(operator: User) -> None:
    operator.is_superuser = False
    operator.save()
    operator.groups.clear()
    assert not rights_of(fresh(operator)).permissions
    give(operator, role(None, SERVE))
    assert rights_of(fresh(operator)).permissions


def _save(row: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
