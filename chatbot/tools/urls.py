from django.urls import path

from chatbot.tools import api

app_name = "tools"
_call = "sessions/<str:name>/tool-calls/<int:call>"
urlpatterns = [
    path(f"{_call}/confirm", api.ConfirmView.as_view(), name="confirm"),
    path(f"{_call}/decline", api.DeclineView.as_view(), name="decline"),
]
