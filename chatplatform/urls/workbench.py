"""The agents' door (port 8002)."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path, re_path

from chatplatform.kernel.pages import nothing_here
from workbench.routing import http_urlpatterns as streams  # noqa: F401 - read by kernel/openapi.py

PEOPLE_SIGN_IN = True  # read by accounts/middleware.py

# One door to sign in, with its rate limits: the admin's own form has none.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("chatplatform.accounts.urls")),  # first: its language switch remembers
    path("", include("chatplatform.kernel.urls")),
    path("admin/", admin.site.urls),
    path("", include("workbench.urls")),
    re_path(r"", nothing_here),
]

handler400 = "chatplatform.kernel.pages.bad_request"
handler403 = "chatplatform.kernel.pages.permission_denied"
handler404 = "chatplatform.kernel.pages.not_found"
handler500 = "chatplatform.kernel.pages.server_error"
