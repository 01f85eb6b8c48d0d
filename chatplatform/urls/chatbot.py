"""The customers' door (port 8000)."""

from django.urls import include, path

urlpatterns = [
    path("", include("chatplatform.kernel.urls")),
    path("", include("chatbot.urls")),
]
