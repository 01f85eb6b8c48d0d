"""The customers' door (port 8000)."""

from django.urls import include, path, re_path

from chatbot.routing import http_urlpatterns as streams  # noqa: F401 - read by kernel/openapi.py
from chatplatform.kernel.pages import nothing_here

urlpatterns = [
    path("", include("chatplatform.kernel.urls")),
    path("", include("chatbot.urls")),
    re_path(r"", nothing_here),
]

handler400 = "chatplatform.kernel.pages.bad_request"
handler403 = "chatplatform.kernel.pages.permission_denied"
handler404 = "chatplatform.kernel.pages.not_found"
handler500 = "chatplatform.kernel.pages.server_error"
