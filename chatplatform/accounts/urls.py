"""Signing in and out. What nobody here can use is closed: sign-up, e-mail, resets by mail."""

from allauth.account import views
from django.urls import include, path, re_path

from chatplatform.accounts.views import closed, set_language

_CLOSED_CALLS = (
    r"^_allauth/app/v1/(?:auth/(?:signup|email|phone|password|code|webauthn/signup)|"
    r"account/(?:email|phone)|config/signup)\b"
)

urlpatterns = [
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/signup/", views.signup, name="account_signup"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    re_path(_CLOSED_CALLS, closed),
    path("_allauth/", include("allauth.headless.urls")),
]
