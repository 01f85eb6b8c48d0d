import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chatbot.knowledge.models import Article
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants
from chatplatform.management import demo
from chatplatform.roles.models import Role, Scope
from chatplatform.roles.rights import rights_of
from chatplatform.tenants.models import Department, Position, Tenant

pytestmark = pytest.mark.django_db


def seed() -> None:
    call_command("seed_demo", verbosity=0)


def test_everyone_of_the_cast_can_log_in_and_belongs_to_the_right_tenant(
    settings: Settings,
) -> None:
    settings.DEBUG = True
    seed()
    for wanted in demo.USERS:
        user = User.objects.get(username=wanted.username)
        assert user.check_password(demo.PASSWORD)
        assert user.tenant is not None
        assert user.tenant.slug == wanted.tenant
        assert user.has_perm("conversations.serve_conversation")


def test_the_people_of_the_contract_reach_everything(settings: Settings) -> None:
    settings.DEBUG = True
    seed()
    for wanted in demo.USERS:
        user = User.objects.get(username=wanted.username)
        assert [group.name for group in user.groups.all()] == [wanted.role]
        assert [role.scope for role in rights_of(user).roles] == [Scope.ALL]
        assert user.department is None


@pytest.mark.parametrize(
    ("username", "department", "scope", "sees"),
    [
        (
            "lead",
            "Customer service",
            Scope.DEPARTMENT_TREE,
            {"lead", "presales1", "aftersales1", "aftersales2", "trainee"},
        ),
        ("presales1", "Pre-sales", Scope.DEPARTMENT, set()),
        ("aftersales1", "After-sales", Scope.DEPARTMENT, set()),
        ("trainee", "After-sales", Scope.OWN, set()),
        ("outsider2", "Help desk", Scope.DEPARTMENT, set()),
    ],
)
def test_each_demo_role_shows_a_reach(
    settings: Settings, username: str, department: str, scope: Scope, sees: set[str]
) -> None:
    settings.DEBUG = True
    seed()
    user = User.objects.select_related("tenant", "department").get(username=username)
    assert user.check_password(demo.PASSWORD)
    assert str(user.department) == department
    assert [role.scope for role in rights_of(user).roles] == [scope]
    assert set(User.objects.visible_to(user).values_list("username", flat=True)) == sees


def test_every_login_is_told(settings: Settings) -> None:
    settings.DEBUG = True
    seed()
    told = "\n".join(demo.logins()).split()
    assert set(User.objects.values_list("username", flat=True)) <= set(told)


def test_seeding_again_changes_nothing(settings: Settings) -> None:
    settings.DEBUG = True
    seed()
    User.objects.filter(username="agent1").update(display_name="Renamed")
    before = counts()
    seed()
    assert counts() == before
    assert User.objects.get(username="agent1").display_name == "Renamed"


def test_outside_development_it_refuses_and_makes_nothing(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG is off"):
        seed()
    assert not User.objects.filter(username="agent1").exists()


def counts() -> list[int]:
    with all_tenants():
        return [
            model.objects.count()
            for model in (Tenant, User, Article, Department, Position, Role, Group)
        ]
