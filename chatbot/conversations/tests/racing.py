"""Real threads with database connections of their own."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


def together(tenant: Tenant, *calls: Callable[[], Any]) -> list[Any]:
    """Start the calls at the same moment; what each returned, or the exception it raised."""
    results: list[Any] = [None] * len(calls)
    gate = threading.Barrier(len(calls))

    def run(index: int) -> None:
        try:
            with tenant_scope(tenant):
                gate.wait()
                results[index] = calls[index]()
        except Exception as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
