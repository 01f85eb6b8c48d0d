from django.urls import path

from workbench.desk import views

app_name = "desk"
urlpatterns = [
    path("", views.console, name="console"),
    path("c/<str:name>/", views.console, name="conversation"),
    path("c/<str:name>/pane/", views.conversation, name="pane"),
    path("c/<str:name>/state/", views.conversation_state, name="state"),
    path("c/<str:name>/messages/", views.messages, name="messages"),
    path("c/<str:name>/calls/<int:call>/", views.call, name="call"),
    path("fragments/views/", views.views, name="views"),
    path("fragments/inbox/", views.inbox, name="inbox"),
    path("fragments/nothing-open/", views.nothing_open, name="nothing_open"),
]
