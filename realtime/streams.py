"""What a connection listens to, on what right, and how it is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Grant:
    """The right that a connection stands on: whose (`key`, as `kind` writes it), as of `version`.

    A kind is registered with `holding`; a grant that its check no longer knows ends the connection.
    """

    kind: str
    key: str
    version: int = 0


@dataclass(frozen=True)
class Subscription:
    """One log, and the channels of it that the connection may hear (wildcards such as
    `sse:session:*` included).

    `admits`, told the channels of an event, may refuse it although one of them is listened to.
    Without a `grant` the connection stays open until its client leaves.
    """

    log: str
    channels: frozenset[str]
    grant: Grant | None = None
    admits: Callable[[tuple[str, ...]], bool] | None = None


class Refused(Exception):
    """The connection may not listen: `status` 401, 403, 404 or 429, a stable `code` and a sentence.

    `retry_after`: seconds after which it is worth another try.
    """

    def __init__(
        self, status: int, code: str, detail: str, *, retry_after: int | None = None
    ) -> None:
        self.status, self.code, self.detail = status, code, detail
        self.retry_after = retry_after
        super().__init__(f"{status} {code}")


class FrameError(Exception):
    """A WebSocket frame that can't be accepted; the socket stays open."""

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        self.code, self.detail, self.extra = code, detail, extra
        super().__init__(code)


Authorize = Callable[[Scope], Awaitable[Subscription]]
Check = Callable[[set[Grant]], set[Grant]]
_checks: dict[str, Check] = {}


def holding(kind: str, check: Check) -> None:
    """Register who knows which grants of a kind still hold; called from AppConfig.ready.

    `check` is asked every two seconds with all grants that this process' connections stand on. It
    may block, and should ask the database once for all of them.
    """
    _checks[kind] = check


def held(grants: set[Grant]) -> set[Grant]:
    """Those that still hold; none of a kind that nobody registered. Blocking."""
    asked: dict[str, set[Grant]] = {}
    for grant in grants:
        asked.setdefault(grant.kind, set()).add(grant)
    answers = [_checks[kind](some) & some for kind, some in asked.items() if kind in _checks]
    return set().union(*answers)


def query_position(scope: Scope) -> str | None:
    """The position in `?last=`, or None."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query["last"][-1] if query.get("last") else None
