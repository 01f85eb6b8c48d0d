from django.urls import path

from chatplatform.roles import api

app_name = "roles_api"
urlpatterns = [
    path("permissions/explain", api.ExplainView.as_view(), name="explain"),
    path("menus/me", api.MenuView.as_view(), name="my_menu"),
]
