from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from chatplatform.accounts.models import User
from chatplatform.tenants.tests.factories import TenantFactory

PASSWORD = "cast-pass-1234"


class UserFactory(DjangoModelFactory):  # type: ignore[misc]  # factory_boy is untyped
    """Someone with PASSWORD; `role="supervisor"` names the group."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user-{n}")
    tenant = factory.SubFactory(TenantFactory)
    display_name = factory.LazyAttribute(lambda user: user.username.capitalize())
    password = factory.django.Password(PASSWORD)

    @factory.post_generation  # type: ignore[untyped-decorator]  # likewise
    def role(self: Any, create: bool, extracted: str | None, **_: Any) -> None:
        self.groups.add(Group.objects.get(name=extracted or "agent"))
