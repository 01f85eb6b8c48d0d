"""One's own pages: the profile, and where one is signed in."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from chatplatform.accounts import services
from chatplatform.accounts.callers import sessions
from chatplatform.accounts.models import User
from chatplatform.accounts.signing_in.second_factor import has_second_factor


class ProfileForm(forms.Form):
    """What one changes about oneself."""

    display_name = forms.CharField(
        label=_("Display name"),
        help_text=_("What customers see."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "nickname"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("the browser's")), *settings.LANGUAGES],
        widget=forms.Select(attrs={"class": "field"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Name and language; password and second factor are linked from here."""
    user = cast(User, request.user)
    shown = {"display_name": user.display_name, "language": user.language}
    form = ProfileForm(request.POST or None, initial=shown)
    if form.is_bound and form.is_valid():
        services.change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    context = {"form": form, "has_second_factor": has_second_factor(user)}
    return render(request, "account/profile.html", context)


@require_safe
@never_cache
@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """The browsers and programs that one is signed in with."""
    context = {
        "sign_ins": sessions.sign_ins_of(cast(User, request.user)),
        "here": sessions.session_key_of(request),
    }
    return render(request, "account/sign_ins.html", context)


@require_POST
@login_required
def end_sign_in(request: HttpRequest, id: int) -> HttpResponse:
    """Sign out in one of them."""
    user = cast(User, request.user)
    sessions.end_sign_in(user=user, id=id, by=user)
    messages.success(request, _("Signed out there."))
    return redirect("sign_ins")


@require_POST
@login_required
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    user = cast(User, request.user)
    ended = sessions.end_sign_ins(user=user, by=user, keep=sessions.session_key_of(request))
    said = ngettext("Signed out in %(count)d place.", "Signed out in %(count)d places.", ended)
    messages.success(request, said % {"count": ended})
    return redirect("sign_ins")
