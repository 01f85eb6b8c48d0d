"""The agents' door (port 8002)."""

from django.contrib import admin
from django.urls import include, path, re_path

from chatplatform import admin_menu
from chatplatform.accounts.signing_in.admin_door import use_one_door
from chatplatform.kernel.pages import nothing_here
from workbench.routing import streams  # noqa: F401 - read by kernel/openapi.py

PEOPLE_SIGN_IN = True  # read by accounts/middleware.py

use_one_door(admin.site)
admin_menu.arrange(admin.site)

urlpatterns = [
    path("", include("chatplatform.accounts.urls")),  # first: its language switch remembers
    path("", include("chatplatform.kernel.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("chatplatform.roles.urls")),
    path("api/v1/", include("chatplatform.accounts.api_keys.urls")),
    path("api/v1/", include("chatplatform.accounts.organisation.urls")),
    path("", include("workbench.urls")),
    re_path(r"", nothing_here),
]

handler400 = "chatplatform.kernel.pages.bad_request"
handler403 = "chatplatform.kernel.pages.permission_denied"
handler404 = "chatplatform.kernel.pages.not_found"
handler500 = "chatplatform.kernel.pages.server_error"
