"""The agents' door (port 8002)."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("chatplatform.kernel.urls")),
    path("", include("chatplatform.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("workbench.urls")),
]
