"""What is known of the request being served: its id, and the address it came from."""

from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest


def current_request_id() -> str:
    """The id of the request being served, or "" outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def current_client_address() -> str:
    """The address that the request being served came from, or "" outside one."""
    return str(structlog.contextvars.get_contextvars().get("client_address", ""))


def current_api_key() -> str:
    """The prefix of the API key that the request being served came with, or ""."""
    return str(structlog.contextvars.get_contextvars().get("by_key", ""))


def client_address(request_or_scope: HttpRequest | dict[str, Any]) -> str:
    """The address of whoever calls, from a Django request or an ASGI scope; "" if unknown.

    `X-Forwarded-For` counts only as far as our own proxies wrote it: each appends the address it
    saw, so with TRUSTED_PROXIES=n the n-th from the right is true, and all before it anyone's word.
    """
    if isinstance(request_or_scope, HttpRequest):
        peer = request_or_scope.META.get("REMOTE_ADDR") or ""
        forwarded = request_or_scope.META.get("HTTP_X_FORWARDED_FOR", "")
    else:
        peer = (request_or_scope.get("client") or ("",))[0] or ""
        forwarded = _forwarded_for(request_or_scope)
    hops = [hop.strip() for hop in forwarded.split(",")] if forwarded else []
    trusted: int = settings.TRUSTED_PROXIES
    # Fewer hops than proxies: somebody came past them, so the header is his own.
    return _address(hops[-trusted]) if 0 < trusted <= len(hops) else str(peer)


def _forwarded_for(scope: dict[str, Any]) -> str:
    lines = [value.decode("latin-1") for name, value in scope["headers"] if name == _HEADER]
    return ",".join(lines)  # Django joins repeated headers likewise


_HEADER = b"x-forwarded-for"


def _address(hop: str) -> str:
    """The hop without the port that some proxies add: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    return hop[:45]  # the longest an address gets
