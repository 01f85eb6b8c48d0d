from django.urls import path

from chatbot.widget import views

app_name = "widget"
urlpatterns = [
    path("", views.shop, name="shop"),
    path("widget.js", views.loader, name="loader"),
    path("widget/<str:tenant>/", views.widget, name="page"),
]
