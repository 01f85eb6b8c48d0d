"""What people see: five scopes, three roles, and every union of them."""

from itertools import chain, combinations

import pytest
from django.db.models import Q
from django_scopes import ScopeError

from chatbot.assistant.models import Run
from chatbot.conversations.models import Conversation, Customer, Message, Timer
from chatbot.knowledge.models import Article, Passage
from chatbot.knowledge.tests.factories import write
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel import visibility
from chatplatform.kernel.scoping import all_tenants, tenant_scope
from chatplatform.roles.defaults import ROLES
from chatplatform.roles.models import Scope
from chatplatform.roles.tests.conftest import Shop, in_department, talk
from chatplatform.roles.tests.factories import fresh, give, role
from chatplatform.tenants.models import Department, Position, Tenant

SEEN: dict[str, set[str]] = {
    Scope.ALL: {"nobody's", "sales", "east", "support", "hers", "colleague's"},
    Scope.DEPARTMENT_TREE: {"nobody's", "sales", "east", "hers"},
    Scope.DEPARTMENT: {"nobody's", "sales", "hers"},
    Scope.OWN: {"nobody's", "hers"},
    Scope.CUSTOM: {"nobody's", "support", "hers"},
}
SERVE = Q(codename="serve_conversation")


@pytest.fixture
def talks(shop: Shop, ben: User, bea: User) -> dict[int, str]:
    """Conversations by whose they are."""
    made = {
        "nobody's": talk(shop.tenant),
        "sales": talk(shop.tenant, department=shop.sales),
        "east": talk(shop.tenant, department=shop.east),
        "support": talk(shop.tenant, department=shop.support),
        "hers": talk(shop.tenant, department=shop.support, agent=ben),
        "colleague's": talk(shop.tenant, agent=bea),
    }
    return {conversation.pk: name for name, conversation in made.items()}


def seen(user: User, talks: dict[int, str]) -> set[str]:
    found = Conversation.objects.visible_to(user).values_list("pk", flat=True)
    return {talks[key] for key in found}


@pytest.mark.parametrize("kind", ROLES)
@pytest.mark.parametrize("scope", SEEN)
def test_a_role_shows_what_its_scope_reaches(
    shop: Shop, ben: User, talks: dict[int, str], kind: str, scope: str
) -> None:
    ben = give(ben, role(shop.tenant, ROLES[kind], scope=scope, departments=[shop.support]))
    assert seen(ben, talks) == SEEN[scope]


@pytest.mark.parametrize("kind", ROLES)
def test_roles_are_united(shop: Shop, ben: User, talks: dict[int, str], kind: str) -> None:
    roles = {
        scope: role(shop.tenant, ROLES[kind], scope=scope, departments=[shop.support])
        for scope in SEEN
    }
    unions = chain.from_iterable(combinations(SEEN, count) for count in range(2, 6))
    for scopes in unions:
        ben = give(ben, *(roles[scope] for scope in scopes))
        assert seen(ben, talks) == set().union(*(SEEN[scope] for scope in scopes)), scopes


def test_without_a_role_nothing_is_seen(ben: User, talks: dict[int, str]) -> None:
    ben = give(ben)
    assert seen(ben, talks) == set()


def test_a_disabled_role_is_as_none(shop: Shop, ben: User, talks: dict[int, str]) -> None:
    off = role(shop.tenant, SERVE, enabled=False)
    ben = give(ben, off)
    assert seen(ben, talks) == set()
    assert not ben.has_perm("conversations.serve_conversation")
    ben = give(ben, off, role(shop.tenant, SERVE, scope=Scope.OWN))
    assert seen(ben, talks) == SEEN[Scope.OWN]


@pytest.mark.parametrize("scope", [Scope.DEPARTMENT, Scope.DEPARTMENT_TREE])
def test_without_a_department_ones_own_and_nobodys_is_seen(
    shop: Shop, ben: User, talks: dict[int, str], scope: str
) -> None:
    ben = in_department(give(ben, role(shop.tenant, SERVE, scope=scope)), None)
    assert seen(ben, talks) == SEEN[Scope.OWN]


def test_a_role_reaches_only_what_its_permissions_are_about(
    shop: Shop, ben: User, talks: dict[int, str]
) -> None:
    people = role(shop.tenant, ["change_user"], scope=Scope.ALL)
    ben = give(ben, people, role(shop.tenant, SERVE, scope=Scope.OWN))
    assert seen(ben, talks) == SEEN[Scope.OWN], "the scope of one role is none of another's rights"
    assert User.objects.visible_to(ben).count() == 2


def test_another_tenants_role_gives_nothing(
    shop: Shop, ben: User, talks: dict[int, str], other_tenant: Tenant
) -> None:
    ben = give(ben, role(other_tenant, SERVE))
    assert seen(ben, talks) == set()


def test_another_tenants_rows_are_never_seen(
    shop: Shop, ben: User, talks: dict[int, str], other_tenant: Tenant
) -> None:
    with tenant_scope(other_tenant):
        talk(other_tenant)
    with all_tenants():
        assert set(seen(ben, talks)) == SEEN[Scope.ALL]
        ben.is_superuser = True
        assert set(seen(ben, talks)) == SEEN[Scope.ALL]


def test_an_operator_sees_what_the_scope_holds(
    talks: dict[int, str], operator: User, ben: User
) -> None:
    assert seen(operator, talks) == SEEN[Scope.ALL]
    operator.is_superuser = False
    assert seen(operator, talks) == set()
    ben.is_active = False
    assert seen(ben, talks) == set()


def test_without_a_policy_nobody_sees_anything(
    ben: User, talks: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visibility, "_policies", [])
    assert seen(ben, talks) == set()
    assert Position.objects.visible_to(ben).query.is_empty()


def test_outside_a_scope_asking_fails(tenant: Tenant, db: None) -> None:
    with pytest.raises(ScopeError):
        Conversation.objects.visible_to(User(tenant=tenant))


def test_what_belongs_to_a_conversation_is_seen_with_it(
    shop: Shop, ben: User, talks: dict[int, str]
) -> None:
    mine = {"sales", "nobody's", "hers"}
    for conversation in Conversation.objects.all():
        message = Message.objects.create(
            tenant=shop.tenant, conversation=conversation, author_kind="customer", text="Hello"
        )
        Timer.objects.create(
            tenant=shop.tenant, conversation=conversation, kind="idle", due_at=message.created_at
        )
        Run.objects.create(
            tenant=shop.tenant, conversation=conversation, trigger=message, version=1
        )
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.DEPARTMENT))
    for model in (Message, Timer, Run):
        found = model.objects.visible_to(ben).values_list("conversation", flat=True)
        assert {talks[key] for key in found} == mine, model
    customers = Customer.objects.visible_to(ben).values_list("conversations", flat=True)
    assert {talks[key] for key in customers} == mine


def test_a_customer_is_listed_once_however_often_she_came(shop: Shop, ben: User) -> None:
    first = talk(shop.tenant)
    Conversation.objects.create(tenant=shop.tenant, customer=first.customer)
    ben = give(ben, role(shop.tenant, SERVE, scope=Scope.OWN))
    assert Customer.objects.visible_to(ben).count() == 1


def test_people_and_departments_are_seen_by_department(shop: Shop, ben: User, bea: User) -> None:
    about = ["view_user", "view_department"]
    ben = give(ben, role(shop.tenant, about, scope=Scope.DEPARTMENT_TREE))
    assert set(Department.objects.visible_to(ben)) == {shop.sales, shop.east}
    assert set(User.objects.visible_to(ben)) == {ben}
    in_department(bea, shop.east)
    assert set(User.objects.visible_to(ben)) == {ben, bea}


def test_history_is_seen_by_whose_deed_it_was(shop: Shop, ben: User, bea: User) -> None:
    for kind, key in (("user", ben.pk), ("agent", bea.pk), ("customer", ben.pk)):
        actor = Actor(kind, str(key), kind)
        audit.record(tenant=shop.tenant, actor=actor, action="thing.happen", target="x")

    def deeds(scope: str) -> set[str]:
        user = give(ben, role(shop.tenant, ["view_auditentry"], scope=scope))
        lines = AuditEntry.objects.visible_to(user).filter(action="thing.happen")
        return set(lines.values_list("actor_kind", flat=True))

    assert deeds(Scope.OWN) == {"user"}, "a customer's key is no user's"
    assert deeds(Scope.ALL) == {"user", "agent", "customer"}
    in_department(bea, shop.sales)
    assert deeds(Scope.DEPARTMENT) == {"user", "agent"}


def test_knowledge_is_everybodys_unless_a_role_is_limited(shop: Shop, ben: User) -> None:
    english, _chinese = (
        write(shop.tenant, "Fees", language="en"),
        write(shop.tenant, "运费", language="zh-hans"),
    )
    editor = Q(content_type__app_label="knowledge")
    ben = give(ben, role(shop.tenant, editor, scope=Scope.OWN))
    assert Article.objects.visible_to(ben).count() == 2
    limit = {"knowledge.article": {"language": "en"}}
    ben = give(ben, role(shop.tenant, editor, scope=Scope.ALL, constraints=limit))
    assert set(Article.objects.visible_to(ben)) == {english}
    assert set(Passage.objects.visible_to(ben).values_list("article", flat=True)) == {english.pk}


def test_a_model_without_a_rule_is_the_whole_tenants(shop: Shop, ben: User) -> None:
    Position.objects.create(tenant=shop.tenant, code="lead", name="Lead")
    assert Position.objects.visible_to(give(ben)).count() == 1
    assert Position.objects.visible_to(fresh(ben)).count() == 1
