import pytest

from chatplatform.audit import services
from chatplatform.audit.actors import Actor
from chatplatform.audit.models import AuditEntry
from chatplatform.tenants.models import Tenant

BEN = Actor("user", "7", "ben")


def write_lines(tenant: Tenant | None, count: int) -> list[AuditEntry]:
    """That many lines about things 1, 2, 3, ..."""
    return [
        services.record(tenant=tenant, actor=BEN, action="thing.do", target=str(number))
        for number in range(1, count + 1)
    ]


@pytest.fixture
def lines(tenant: Tenant) -> list[AuditEntry]:
    """Five lines of the shop."""
    return write_lines(tenant, 5)
