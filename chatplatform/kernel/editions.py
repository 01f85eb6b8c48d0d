"""What is built from a tenant's rows and kept in memory, fresh in every process."""

import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from django.db import connection

from chatplatform.kernel.models import TenantEdition

logger = structlog.get_logger(__name__)

Built = TypeVar("Built")


# What takes longer to build (of a processor's time, in seconds) is built beside what there is.
LONG = 0.2


@dataclass(frozen=True)
class _Kept(Generic[Built]):
    token: str
    built: Built
    took: float


class Editions(Generic[Built]):
    """One thing per tenant, built by `build(tenant)` and never changed: a new edition is a new one.

    Whoever writes what it is built from calls `editions.renew(tenant)` on its table in the same
    transaction. At most `most` tenants' are kept, least recently asked for go first.

    What is quickly built is built by who asks first. What is not is built on a thread of its own:
    until it is there, some seconds at most, everybody gets the one before, and nobody waits.
    """

    def __init__(
        self, editions: type[TenantEdition], build: Callable[[Any], Built], *, most: int
    ) -> None:
        self._editions, self._build, self._most = editions, build, most
        self._kept: OrderedDict[int, _Kept[Built]] = OrderedDict()
        self._lock = threading.Lock()
        self._building: defaultdict[int, threading.Lock] = defaultdict(threading.Lock)
        self._beside: set[int] = set()  # tenants whose next edition is on its way

    def current(self, tenant: Any) -> Built:
        """The tenant's as of now, or what there is until that is built: one primary-key read."""
        token = self._token(tenant.pk)
        if found := self._known(tenant.pk, token):
            return found.built
        with self._lock:
            old = self._kept.get(tenant.pk)
        if old is None or old.took <= LONG:
            return self._renewed(tenant)
        self._renew_beside(tenant)
        return old.built

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

    def _renew_beside(self, tenant: Any) -> None:
        """Begin to, unless somebody has: what fails is begun again by whoever asks next."""
        with self._lock:
            if tenant.pk in self._beside:
                return
            self._beside.add(tenant.pk)
        name = f"editions:{self._editions._meta.label_lower}"
        threading.Thread(target=self._beside_others, args=(tenant,), name=name, daemon=True).start()

    def _beside_others(self, tenant: Any) -> None:
        try:
            self._renewed(tenant)
        except Exception:
            logger.exception("edition_not_built", of=self._editions._meta.label_lower)
        finally:
            with self._lock:
                self._beside.discard(tenant.pk)
            connection.close()

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
        began = time.thread_time()  # what else the machine does must not count
        built = self._build(tenant)
        kept = _Kept(token, built, time.thread_time() - began)
        with self._lock:
            self._kept[tenant.pk] = kept
            self._kept.move_to_end(tenant.pk)
            while len(self._kept) > self._most:
                forgotten, _ = self._kept.popitem(last=False)
                self._building.pop(forgotten, None)
        return built
