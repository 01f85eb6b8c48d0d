from django.urls import path

from workbench.desk import api, calls_api

app_name = "desk_api"
urlpatterns = [
    path("sessions", api.SessionsView.as_view(), name="sessions"),
    path("sessions/<str:name>", api.SessionView.as_view(), name="session"),
    path("sessions/<str:name>/brief", api.BriefView.as_view(), name="brief"),
    path("sessions/<str:name>/messages", api.MessagesView.as_view(), name="messages"),
    path("sessions/<str:name>/accept", api.AcceptView.as_view(), name="accept"),
    path("sessions/<str:name>/department", api.DepartmentView.as_view(), name="department"),
    path("sessions/<str:name>/return-to-ai", api.ReturnToAIView.as_view(), name="return_to_ai"),
    path("sessions/<str:name>/close", api.CloseView.as_view(), name="close"),
    path("sessions/<str:name>/typing", api.TypingView.as_view(), name="typing"),
    path("sessions/<str:name>/read", api.ReadView.as_view(), name="read"),
    path("sessions/<str:name>/tool-calls", calls_api.CallsView.as_view(), name="tool_calls"),
    path("tool-calls/<int:call>", calls_api.CallView.as_view(), name="tool_call"),
    path("tool-calls/<int:call>/approve", calls_api.ApproveView.as_view(), name="approve_call"),
    path("tool-calls/<int:call>/reject", calls_api.RejectView.as_view(), name="reject_call"),
]
