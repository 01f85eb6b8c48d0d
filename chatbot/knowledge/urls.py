from django.urls import path

from chatbot.knowledge import views

urlpatterns = [path("help/<slug:tenant>/<str:slug>", views.help_article, name="help_article")]
