"""Signing in and out, and one's own account. What nobody here can use is closed: sign-up, mail."""

from allauth.account import views
from django.urls import include, path, re_path

from chatplatform.accounts.api_keys import pages
from chatplatform.accounts.me import api as me
from chatplatform.accounts.me import pages as profile
from chatplatform.accounts.single_sign_on import pages as sso_pages
from chatplatform.accounts.views import closed, set_language

_CLOSED_CALLS = (
    r"^_allauth/app/v1/(?:auth/(?:signup|email|phone|password|code|provider|webauthn/signup)|"
    r"account/(?:email|phone|providers)|config/signup)\b"
)

urlpatterns = [
    path("api/v1/me", me.MeView.as_view(), name="me"),
    path("api/v1/me/sessions", me.SignInsView.as_view(), name="my_sessions"),
    path("api/v1/me/sessions/<int:id>", me.SignInView.as_view(), name="my_session"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/sessions/", profile.sign_ins, name="sign_ins"),
    path("accounts/sessions/others/", profile.end_other_sign_ins, name="end_other_sign_ins"),
    path("accounts/sessions/<int:id>/", profile.end_sign_in, name="end_sign_in"),
    path("accounts/api-keys/", pages.api_keys, name="api_keys"),
    path("accounts/api-keys/<str:prefix>/revoke/", pages.revoke_api_key, name="revoke_api_key"),
    path("accounts/login/", views.login, name="account_login"),
    path("accounts/logout/", views.logout, name="account_logout"),
    path("accounts/inactive/", views.account_inactive, name="account_inactive"),
    path("accounts/signup/", views.signup, name="account_signup"),
    path("accounts/password/change/", views.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/sso/", sso_pages.name_company, name="sso"),
    path("accounts/sso/cancelled/", sso_pages.cancelled, name="socialaccount_login_cancelled"),
    path("accounts/sso/<str:provider_id>/", sso_pages.leave, name="sso_leave"),
    path(
        "accounts/sso/<str:provider_id>/callback/",
        sso_pages.come_back,
        name="openid_connect_callback",
    ),
    re_path(_CLOSED_CALLS, closed),
    path("_allauth/", include("allauth.headless.urls")),
]
