import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from chatbot.knowledge.models import Article
from chatplatform.accounts.models import User
from chatplatform.kernel.scoping import all_tenants
from chatplatform.management import demo
from chatplatform.tenants.models import Tenant

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


def counts() -> tuple[int, int, int]:
    with all_tenants():
        return Tenant.objects.count(), User.objects.count(), Article.objects.count()
