"""The base of every endpoint for people who sign in."""

from contextlib import ExitStack
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from chatplatform.accounts.callers.authentication import BearerAuthentication
from chatplatform.accounts.callers.narrowing import refuse_keys
from chatplatform.accounts.languages import activate_language_of
from chatplatform.accounts.models import User
from chatplatform.accounts.scoping import user_scope
from chatplatform.protection import throttling
from chatplatform.tenants.admission import count_call


class AgentAPIView(APIView):
    """Asks for an access token, or a session cookie with its CSRF token; else answers 401.

    The user's tenant scope is open from authentication to the end of the call.
    """

    people_only = False  # an API key is refused: what concerns an account is its owner's to do

    # The token first: its challenge is what a refused caller reads in WWW-Authenticate.
    authentication_classes = (BearerAuthentication, SessionAuthentication)
    permission_classes = (IsAuthenticated,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as self._scopes:
            return super().dispatch(request, *args, **kwargs)

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        if isinstance(request.user, User):
            throttling.spend(throttling.Rule.CALLS, request.user.pk)
            if request.user.tenant is not None:
                count_call(request.user.tenant)
            activate_language_of(request.user, request)
            self._scopes.enter_context(user_scope(request.user))
            if self.people_only:
                refuse_keys(request.user)
