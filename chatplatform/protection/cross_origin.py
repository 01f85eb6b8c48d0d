"""The customers' API from pages of other sites: any page may ask, and each tenant says which are
answered (tenants/admission.py). Credentials are tokens in headers; cookies are never let in.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

Headers = list[tuple[bytes, bytes]]

PREFIX = "/api/"
PREFLIGHT: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-allow-methods", b"GET, POST"),
    (
        b"access-control-allow-headers",
        b"authorization, content-type, accept-language, last-event-id, x-request-id",
    ),
    (b"access-control-max-age", b"86400"),  # it is the same for all, so a day is not too long
    (b"cache-control", b"public, max-age=86400"),
    (b"content-length", b"0"),
]
ANSWER: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"retry-after, x-request-id"),
]


class CrossOrigin:
    """An ASGI application whose API browsers let other sites read; preflights stop here."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.application(scope, receive, send)
            return
        names = {name for name, _ in scope["headers"]}
        if b"origin" not in names:
            await self.application(scope, receive, send)
        elif scope["method"] == "OPTIONS" and b"access-control-request-method" in names:
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.application(scope, receive, _readable(send))


def foreign_origin(request_or_scope: HttpRequest | dict[str, Any]) -> str:
    """The origin of another site's page that a browser says is calling; "" if it is none or ours.

    Who is no browser can claim what it likes, and needs a token all the same.
    """
    origin, host = _origin_and_host(request_or_scope)
    if not origin or origin == settings.CHATBOT_URL:
        return ""
    return "" if host and urlsplit(origin).netloc == host else origin


def _origin_and_host(request_or_scope: HttpRequest | dict[str, Any]) -> tuple[str, str]:
    if isinstance(request_or_scope, HttpRequest):
        return request_or_scope.headers.get("Origin", ""), request_or_scope.get_host()
    headers = dict(request_or_scope["headers"])
    return headers.get(b"origin", b"").decode("latin-1"), headers.get(b"host", b"").decode(
        "latin-1"
    )


def _readable(send: Any) -> Any:
    async def send_readable(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), *ANSWER]}
        await send(message)

    return send_readable
