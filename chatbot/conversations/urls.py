from django.urls import path

from chatbot.conversations import api

app_name = "conversations"
urlpatterns = [
    path("sessions", api.SessionsView.as_view(), name="sessions"),
    path("sessions/<str:name>", api.SessionView.as_view(), name="session"),
    path("sessions/<str:name>/messages", api.MessagesView.as_view(), name="messages"),
    path("sessions/<str:name>/transfer", api.TransferView.as_view(), name="transfer"),
    path(
        "sessions/<str:name>/cancel-transfer",
        api.CancelTransferView.as_view(),
        name="cancel_transfer",
    ),
    path("sessions/<str:name>/close", api.CloseView.as_view(), name="close"),
    path("sessions/<str:name>/typing", api.TypingView.as_view(), name="typing"),
]
