"""Where a visitor's token stands in what she sends."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs


def bearer_token(authorization: str) -> str:
    """The token of an `Authorization: Bearer` header, or ""."""
    scheme, _, token = authorization.strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def stream_token(scope: Mapping[str, Any]) -> str:
    """The token of a stream or socket: its header, or `?token=`: browsers set no headers there."""
    for name, value in scope["headers"]:
        if name == b"authorization":
            return bearer_token(value.decode("latin-1"))
    query: str = scope.get("query_string", b"").decode("latin-1")
    return parse_qs(query).get("token", [""])[0]
