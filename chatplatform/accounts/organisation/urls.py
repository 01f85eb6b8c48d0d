from django.urls import path

from chatplatform.accounts.organisation import api

urlpatterns = [
    path("departments", api.DepartmentsView.as_view(), name="departments"),
    path("departments/<str:code>", api.DepartmentView.as_view(), name="department"),
    path("departments/<str:code>/move", api.MoveDepartmentView.as_view(), name="move_department"),
    path("positions", api.PositionsView.as_view(), name="positions"),
    path("usage", api.UsageView.as_view(), name="usage"),
]
