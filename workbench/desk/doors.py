"""Who may enter the desk: one answer for its pages, its API and its streams."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from chatplatform.accounts.models import User
from chatplatform.kernel.errors import NotAuthenticated, PermissionRefused
from chatplatform.tenants.models import Tenant

P = ParamSpec("P")
AgentView = Callable[Concatenate[HttpRequest, User, P], HttpResponse]


def agent_of(user: User | AnonymousUser | None) -> User:
    """The user, who may serve customers; else NotAuthenticated or PermissionRefused."""
    if not isinstance(user, User):
        raise NotAuthenticated
    tenant_of(user)
    if not user.has_perm("conversations.serve_conversation"):
        raise PermissionRefused(_("Your account may not serve customers. Ask your administrator."))
    return user


def colleague_of(user: User | AnonymousUser | None) -> User:
    """The user, who serves customers or looks after people; else as `agent_of`."""
    if isinstance(user, User) and user.has_perm("accounts.view_user"):
        tenant_of(user)
        return user
    return agent_of(user)


def tenant_of(user: User) -> Tenant:
    """The company this user works for; PermissionRefused without one, or if it is closed."""
    if user.tenant is None:
        raise PermissionRefused(_("The desk belongs to a company, and this account has none."))
    if user.tenant.status != Tenant.Status.ACTIVE:
        raise PermissionRefused(_("Your company's account is suspended."))
    if user.tenant.is_expired:
        raise PermissionRefused(_("Your company's account has expired."))
    return user.tenant


def entered_by(
    check: Callable[[User | AnonymousUser | None], User],
) -> Callable[[AgentView[P]], Callable[Concatenate[HttpRequest, P], HttpResponse]]:
    """Call `view(request, user, ...)` for those whom `check` lets in; the login or an explanation
    for the others."""

    def decorated(view: AgentView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
        @wraps(view)
        def door(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                user = check(request.user)
            except NotAuthenticated:
                return _to_login(request)
            except PermissionRefused as refusal:
                return render(
                    request, "workbench/refused.html", {"refusal": refusal}, status=refusal.status
                )
            return view(request, user, *args, **kwargs)

        return door

    return decorated


def agents_only(view: AgentView[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Call `view(request, agent, ...)` for those who may serve customers."""
    return entered_by(agent_of)(view)


def _to_login(request: HttpRequest) -> HttpResponse:
    # A fragment must not show a login page inside the console: its script reloads the whole page.
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401)
    return redirect_to_login(request.get_full_path())
