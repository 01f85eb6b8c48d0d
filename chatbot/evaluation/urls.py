from django.urls import path

from chatbot.evaluation import api

app_name = "evaluation_api"
urlpatterns = [path("evaluation/cases", api.CasesView.as_view(), name="cases")]
