"""How a user proves who she is to API and streams: an access token or the session cookie."""

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from allauth.headless.tokens.strategies.jwt.internal import session_key_from_sid
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from structlog.contextvars import bind_contextvars

from chatplatform.accounts.api_keys.authentication import user_of_key
from chatplatform.accounts.api_keys.grants import key_grant
from chatplatform.accounts.api_keys.tokens import is_key
from chatplatform.accounts.callers.grants import user_grant
from chatplatform.accounts.models import User
from chatplatform.kernel.requests import client_address
from realtime.streams import Grant

Headers = dict[str, str]


class BearerAuthentication(JWTTokenAuthentication):  # type: ignore[misc]  # allauth is untyped
    """`Authorization: Bearer` with an access token from `POST /_allauth/app/v1/auth/login`, or with
    an API key: then nothing of a session is known."""

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        scheme, _, credential = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not is_key(credential.strip()):
            found: tuple[User, Any] | None = super().authenticate(request)
            return found
        known = user_of_key(credential.strip(), client_address(request._request))
        if known is None:
            raise AuthenticationFailed
        user, key = known
        bind_contextvars(by_key=key.prefix)  # log lines and history name it until the answer
        return user, None


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes it in the API's schema."""

    target_class = "chatplatform.accounts.callers.authentication.BearerAuthentication"
    name = ["accessToken", "apiKey"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[str]]]:
        return [{name: []} for name in self.name]  # one of them suffices

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        bearer = {"type": "http", "scheme": "bearer"}
        login = "`meta.access_token` of `POST /_allauth/app/v1/auth/login`."
        made = "`token` of `POST /api/v1/api-keys`: `cpk_...`, within the key's scopes."
        return [
            {**bearer, "bearerFormat": "JWT", "description": login},
            {**bearer, "bearerFormat": "API key", "description": made},
        ]


@dataclass(frozen=True)
class Caller:
    """Who opens a stream or socket, and on what right it stays open."""

    user: User
    grant: Grant


def caller_of_scope(scope: dict[str, Any]) -> Caller | None:
    """Who opens a stream or socket, by its ASGI scope; blocking. None: nobody, or no longer.

    Looks for a token (`Authorization: Bearer` or `?token=`), then for the session cookie. A page of
    another origin never speaks for the cookie's owner: no CSRF token protects a stream.
    """
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    token = _token(headers, scope.get("query_string", b"").decode("latin-1"))
    if is_key(token):
        return _caller_of_key(token, client_address(scope))
    return _caller_of_token(token) if token else _caller_of_cookie(headers)


def user_of_scope(scope: dict[str, Any]) -> User | None:
    """The user alone, for whoever opens nothing that lasts."""
    caller = caller_of_scope(scope)
    return caller.user if caller else None


def _caller_of_token(token: str) -> Caller | None:
    """The user an access token was issued to, while her session lasts."""
    try:
        user, claims = BearerAuthentication().authenticate_credentials(token)
    except AuthenticationFailed:
        return None
    if not isinstance(user, User):
        return None
    return Caller(user, user_grant(user, session_key_from_sid(claims["sid"]) or ""))


def _caller_of_key(credential: str, address: str) -> Caller | None:
    known = user_of_key(credential, address)
    return Caller(known[0], key_grant(known[1])) if known else None


def _token(headers: Headers, query: str) -> str:
    scheme, _, credential = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credential.strip()
    return parse_qs(query).get("token", [""])[0]


def _caller_of_cookie(headers: Headers) -> Caller | None:
    key = _session_key(headers.get("cookie", ""))
    if not key or not _is_same_origin(headers):
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user = get_user(request)
    return Caller(user, user_grant(user, key)) if isinstance(user, User) else None


def _session_key(cookies: str) -> str | None:
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _is_same_origin(headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
