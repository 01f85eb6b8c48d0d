"""What a connection listens to, and how it is refused."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Subscription:
    """One log, and the channels of it that the connection may hear (wildcards such as
    `sse:session:*` included)."""

    log: str
    channels: frozenset[str]


class Refused(Exception):
    """The connection may not listen: `status` 401, 403 or 404, a stable `code` and a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        self.status, self.code, self.detail = status, code, detail
        super().__init__(f"{status} {code}")


class FrameError(Exception):
    """A WebSocket frame that can't be accepted; the socket stays open."""

    def __init__(self, code: str, detail: str, **extra: Any) -> None:
        self.code, self.detail, self.extra = code, detail, extra
        super().__init__(code)


Authorize = Callable[[Scope], Awaitable[Subscription]]


def query_position(scope: Scope) -> str | None:
    """The position in `?last=`, or None."""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return query["last"][-1] if query.get("last") else None
