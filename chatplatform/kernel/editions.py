"""What is built from a tenant's rows and kept in memory, fresh in every process."""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chatplatform.kernel.models import TenantEdition

Built = TypeVar("Built")


@dataclass(frozen=True)
class _Kept(Generic[Built]):
    token: str
    built: Built


class Editions(Generic[Built]):
    """One thing per tenant, built by `build(tenant)` and never changed: a new edition is a new one.

    Whoever writes what it is built from calls `editions.renew(tenant)` on its table in the same
    transaction. At most `most` tenants' are kept, least recently asked for go first.
    """

    def __init__(
        self, editions: type[TenantEdition], build: Callable[[Any], Built], *, most: int
    ) -> None:
        self._editions, self._build, self._most = editions, build, most
        self._kept: OrderedDict[int, _Kept[Built]] = OrderedDict()
        self._lock = threading.Lock()
        self._building: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)

    def current(self, tenant: Any) -> Built:
        """The tenant's as of now: one primary-key read; built first if something was written."""
        found = self._known(tenant.pk, self._token(tenant.pk))
        return found.built if found else self._renewed(tenant)

    def latest(self, tenant: Any) -> Built:
        """The tenant's as of the last `look`: no query, but for the first time it is asked for."""
        with self._lock:
            found = self._kept.get(tenant.pk)
            if found:
                self._kept.move_to_end(tenant.pk)
        return found.built if found else self._renewed(tenant)

    def look(self) -> None:
        """Forget what is out of date: one query, for a background job and after a commit."""
        with self._lock:
            held = {pk: kept.token for pk, kept in self._kept.items()}
        if held:
            tokens = self._editions.tokens(held)
            self.forget(pk for pk, token in held.items() if tokens.get(pk, "") != token)

    def forget(self, tenants: Iterable[int]) -> None:
        """Build these tenants' (by key) anew when they are asked for."""
        with self._lock:
            for pk in tenants:
                self._kept.pop(pk, None)
                self._building.pop(pk, None)

    def forget_all(self) -> None:
        """Begin with nothing: for tests, whose tenants come back with the same keys."""
        with self._lock:
            self._kept.clear()
            self._building.clear()

    def _renewed(self, tenant: Any) -> Built:
        with self._lock:
            building = self._building[tenant.pk]
        with building:  # one builds, the others wait for the result
            # Read before the rows: at worst it is newer than its token says, and is built again.
            token = self._token(tenant.pk)
            found = self._known(tenant.pk, token)
            return found.built if found else self._keep(tenant, token)

    def _token(self, pk: int) -> str:
        return self._editions.tokens([pk]).get(pk, "")

    def _known(self, pk: int, token: str) -> _Kept[Built] | None:
        with self._lock:
            found = self._kept.get(pk)
            if found is None or found.token != token:
                return None
            self._kept.move_to_end(pk)
            return found

    def _keep(self, tenant: Any, token: str) -> Built:
        built = self._build(tenant)
        with self._lock:
            self._kept[tenant.pk] = _Kept(token, built)
            self._kept.move_to_end(tenant.pk)
            while len(self._kept) > self._most:
                forgotten, _ = self._kept.popitem(last=False)
                self._building.pop(forgotten, None)
        return built
