"""How an agent proves who she is to the API and its streams: access token or session cookie."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from urllib.parse import urlsplit

from allauth.headless.contrib.rest_framework.authentication import JWTTokenAuthentication
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotAuthenticated, PermissionRefused

# The token first: its challenge is what a refused caller reads in WWW-Authenticate.
AUTHENTICATION = (JWTTokenAuthentication, SessionAuthentication)


def user_of_token(token: str) -> User | AnonymousUser:
    """The user an access token was issued to; NotAuthenticated if it is not valid (any more)."""
    try:
        user, _ = JWTTokenAuthentication().authenticate_credentials(token)
    except AuthenticationFailed:
        raise NotAuthenticated from None
    found: User | AnonymousUser = user
    return found


def user_of_session(headers: dict[str, str]) -> User | AnonymousUser:
    """The user of the session cookie; PermissionRefused if another site's page sent the request.

    `headers` are lower-case. A stream is opened by GET, which no CSRF token protects.
    """
    key = _session_key(headers.get("cookie", ""))
    if key is None:
        return AnonymousUser()
    if not _is_same_origin(headers):
        raise PermissionRefused
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    user: User | AnonymousUser = get_user(request)
    return user


def _session_key(cookies: str) -> str | None:
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    return morsel.value if morsel else None


def _is_same_origin(headers: dict[str, str]) -> bool:
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
