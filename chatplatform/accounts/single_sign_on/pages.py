"""The way in through one's company: name it, go to its provider, come back."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from chatplatform.accounts.signing_in.next_pages import safe_next
from chatplatform.accounts.single_sign_on.connections import SsoConnection, open_connection


class CompanyForm(forms.Form):
    """Which company somebody works for."""

    domain = forms.CharField(label=_("Your company's domain"), max_length=253)
    connection: SsoConnection

    def clean_domain(self) -> str:
        domain = str(self.cleaned_data["domain"]).strip().lower().rpartition("@")[2]
        connection = open_connection(domain=domain)
        if connection is None:
            raise forms.ValidationError(_("No company signs in under that domain."))
        self.connection = connection
        return domain


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def name_company(request: HttpRequest) -> HttpResponse:
    """Asks for the company, then shows the way to its provider."""
    form = CompanyForm(request.POST or None)
    context = {"form": form, "next": safe_next(request)}
    if form.is_bound and form.is_valid():
        # A link and no redirect: the page's CSP forbids forms to lead to other sites.
        context["connection"] = form.connection
    return render(request, "account/sso.html", context)


@require_safe
@never_cache
def leave(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Off to the company's provider, which sends people back to `come_back`."""
    provider = _provider(request, provider_id)
    try:
        answer: HttpResponseBase = provider.redirect(
            request, process=AuthProcess.LOGIN, next_url=safe_next(request)
        )
    except (OAuth2Error, RequestException) as error:
        answer = render_authentication_error(request, provider, exception=error)
    return answer


@require_safe
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider, with a code that is worth an ID token, or with an error."""
    provider = _provider(request, provider_id)
    view = OAuth2CallbackView.adapter_view(provider.get_oauth2_adapter(request))
    try:
        answer: HttpResponseBase = view(request)
    except ImmediateHttpResponse as refusal:
        answer = refusal.response
    except (OAuth2Error, RequestException) as error:
        answer = render_authentication_error(request, provider, exception=error)
    return answer


@require_safe
def cancelled(request: HttpRequest) -> HttpResponse:
    """Somebody turned round at the provider."""
    return render(request, "account/sso.html", {"form": CompanyForm(), "is_cancelled": True})


def refused(request: HttpRequest) -> HttpResponse:
    """The provider vouches for somebody who is another company's."""
    return render(request, "socialaccount/authentication_error.html", status=403)


def _provider(request: HttpRequest, name: str) -> Any:
    try:
        return get_adapter().get_provider(request, name)
    except SocialApp.DoesNotExist:
        raise Http404 from None
