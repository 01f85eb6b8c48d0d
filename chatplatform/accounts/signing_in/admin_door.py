"""The administration has no way in of its own: its form knows no lock and no second factor."""

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.next_pages import safe_next
from chatplatform.accounts.signing_in.second_factor import lacks_second_factor


def use_one_door(site: AdminSite) -> None:
    """Make people of an admin site sign in and change passwords where everybody does."""
    may_enter = site.has_permission

    def has_permission(request: HttpRequest) -> bool:
        return may_enter(request) and _has_business(request) and not lacks_second_factor(request)

    site.has_permission = has_permission  # type: ignore[method-assign]
    site.login = _login  # type: ignore[method-assign]
    site.password_change = _password_change  # type: ignore[method-assign,assignment]


@never_cache
def _login(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    wanted = safe_next(request) or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not _has_business(request):
        raise PermissionDenied
    if lacks_second_factor(request):
        messages.warning(request, _("The administration asks for a second factor. Add one here."))
        return redirect("mfa_index")
    return redirect(wanted)


def _has_business(request: HttpRequest) -> bool:
    """Whoever belongs to no company and operates none sees no row, whatever her roles permit."""
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return False
    return user.is_superuser or user.tenant_id is not None


def _password_change(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    return redirect("account_change_password")
