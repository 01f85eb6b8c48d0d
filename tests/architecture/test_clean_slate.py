import pytest
from django.contrib.auth.models import Group, Permission

from chatplatform.tenants.models import Tenant
from tests.clean_slate import Slate


@pytest.mark.django_db(transaction=True)
def test_what_migrations_made_comes_back_and_the_rest_goes(django_db_setup: Slate) -> None:
    before = list(Group.objects.values_list("pk", "name", "permissions"))
    assert before
    Tenant.objects.create(slug="left-behind")
    Group.objects.all().delete()
    Permission.objects.update(name="renamed")
    django_db_setup.restore()
    assert list(Group.objects.values_list("pk", "name", "permissions")) == before
    assert not Permission.objects.filter(name="renamed").exists()
    assert not Tenant.objects.exists()
