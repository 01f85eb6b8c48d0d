from django.urls import path

from workbench.copilot import api

app_name = "copilot_api"
urlpatterns = [
    path("copilot", api.CopilotView.as_view(), name="copilot"),
    path("copilot/articles", api.ArticlesView.as_view(), name="articles"),
    path("sessions/<str:name>/copilot", api.RequestsView.as_view(), name="requests"),
    path("sessions/<str:name>/copilot/<str:asked>", api.RequestView.as_view(), name="request"),
]
