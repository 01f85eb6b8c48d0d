from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("chatbot.conversations.urls")),
    path("api/v1/", include("chatbot.tools.urls")),
    path("", include("chatbot.knowledge.urls")),
    path("", include("chatbot.widget.urls")),
]
