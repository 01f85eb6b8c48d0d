"""The agents' door (port 8002)."""

from django.contrib import admin
from django.urls import include, path

from workbench.routing import http_urlpatterns as streams  # noqa: F401 - read by kernel/openapi.py

urlpatterns = [
    path("", include("chatplatform.kernel.urls")),
    path("", include("chatplatform.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("workbench.urls")),
]

handler400 = "chatplatform.kernel.pages.bad_request"
handler403 = "chatplatform.kernel.pages.permission_denied"
handler404 = "chatplatform.kernel.pages.not_found"
handler500 = "chatplatform.kernel.pages.server_error"
