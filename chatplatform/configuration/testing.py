"""For tests: settings as if somebody had chosen them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chatplatform.configuration import memory
from chatplatform.configuration.registry import RuntimeSettings
from chatplatform.tenants.models import Tenant


@contextmanager
def configured(
    group: type[RuntimeSettings], tenant: Tenant | None = None, **values: Any
) -> Iterator[None]:
    """These values hold inside, for the installation or one tenant; nothing is stored."""
    before = memory.snapshot()
    owner = (tenant.pk if tenant else None, group.name)
    owned = {**before.values, owner: {**before.values.get(owner, {}), **values}}
    memory.hold(memory.Snapshot(before.stamp, owned))
    try:
        yield
    finally:
        memory.hold(before)
