import factory
from factory.django import DjangoModelFactory

from chatplatform.tenants.models import Tenant


class TenantFactory(DjangoModelFactory):  # type: ignore[misc]  # factory_boy is untyped
    class Meta:
        model = Tenant

    slug = factory.Sequence(lambda n: f"shop-{n}")
    name = factory.LazyAttribute(lambda tenant: tenant.slug.title())
    default_language = "en"
