from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("workbench.desk.api_urls")),
    path("api/v1/", include("workbench.copilot.api_urls")),
    path("api/v1/", include("workbench.audit.urls")),
    path("api/v1/", include("chatbot.evaluation.urls")),
    path("api/v1/", include("workbench.administration.urls")),
    path("api/v1/", include("workbench.people.api_urls")),
    path("api/v1/knowledge/", include("chatbot.knowledge.api_urls")),
    path("", include("workbench.people.urls")),
    path("", include("workbench.desk.urls")),
]
