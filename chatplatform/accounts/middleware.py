from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from chatplatform.accounts.languages import activate_language_of
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.kernel.health import is_probe


class SignedInMiddleware:
    """Opens the signed-in user's tenant for the request, and speaks her language.

    Without a user no scope is open, so queries of a tenant's rows fail. The user is asked for only
    when a session cookie came and no probe is served: those touch no table.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        user = _signed_in_user(request)
        if user is None:
            return self.get_response(request)
        activate_language_of(user, request)
        with user_scope(user):
            return self.get_response(request)


def _signed_in_user(request: HttpRequest) -> User | None:
    if request.session.session_key is None or is_probe(request) or not _people_sign_in(request):
        return None
    return request.user if isinstance(request.user, User) else None


def _people_sign_in(request: HttpRequest) -> bool:
    """Whether this door knows users: an agent's cookie ignores ports, and comes to both."""
    urlconf = import_module(getattr(request, "urlconf", settings.ROOT_URLCONF))
    return getattr(urlconf, "PEOPLE_SIGN_IN", False)
