from django.urls import path

from chatbot.knowledge import articles_api, imports_api

app_name = "knowledge_api"
urlpatterns = [
    path("articles", articles_api.ArticlesView.as_view(), name="articles"),
    path("articles/<int:id>", articles_api.ArticleView.as_view(), name="article"),
    path("imports", imports_api.ImportsView.as_view(), name="imports"),
    path("imports/<int:id>", imports_api.ImportView.as_view(), name="import"),
]
