"""Where a tenant's chat may be shown."""

import pytest

from chatplatform.audit.actors import SYSTEM
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import services
from chatplatform.tenants.models import Tenant
from chatplatform.tenants.origins import InvalidOrigin, normalised
from chatplatform.tenants.selectors import allowed_origins, origin_allowed


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://Shop.Example/", "https://shop.example"),
        (" https://shop.example:443 ", "https://shop.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://münchen.example", "https://xn--mnchen-3ya.example"),
        ("https://商店.example", "https://xn--czrs0t.example"),
    ],
)
def test_an_origin_is_written_as_browsers_do(written: str, origin: str) -> None:
    assert normalised(written) == origin


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "null",
        "*",
        "shop.example",
        "//shop.example",
        "https://",
        "https://*",
        "https://*.shop.example",
        "https://shop.example/page",
        "https://shop.example?x",
        "https://shop.example#x",
        "https://me@shop.example",
        "https://shop.example:99999",
        "https://shop.example:0",
        "https://shop.example;script-src",
        "https://shop example",
        "https://shop..example",
        "https://shop.example\r\nx: y",
        "https://" + "a" * 300 + ".example",
        "javascript:alert(1)",
        "ftp://shop.example",
    ],
)
def test_nothing_else_is_an_origin(wrong: str) -> None:
    with pytest.raises(InvalidOrigin):
        normalised(wrong)


def test_a_tenant_without_origins_lets_every_site(tenant: Tenant) -> None:
    assert origin_allowed(tenant, "https://anyone.example")


def test_a_tenant_with_origins_lets_those_only(tenant: Tenant, other_tenant: Tenant) -> None:
    with tenant_scope(tenant):
        services.allow_origin(tenant=tenant, origin="https://Shop.example", actor=SYSTEM)
        services.allow_origin(tenant=tenant, origin="https://shop.example:443", actor=SYSTEM)
    assert allowed_origins(tenant) == ["https://shop.example"]
    assert origin_allowed(tenant, "https://shop.example")
    for stranger in ("http://shop.example", "https://shop.example:8443", "https://x.example"):
        assert not origin_allowed(tenant, stranger)
    assert not origin_allowed(tenant, "null")
    assert origin_allowed(other_tenant, "https://x.example")


def test_allowing_and_forbidding_are_written_down(tenant: Tenant) -> None:
    with tenant_scope(tenant):
        services.allow_origin(tenant=tenant, origin="https://a.example", actor=SYSTEM)
        services.forbid_origin(tenant=tenant, origin="https://a.example", actor=SYSTEM)
        services.forbid_origin(tenant=tenant, origin="https://a.example", actor=SYSTEM)
        actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions == ["origin.allow", "origin.forbid"]
    assert origin_allowed(tenant, "https://b.example")
