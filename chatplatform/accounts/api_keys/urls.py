from django.urls import path

from chatplatform.accounts.api_keys import api

app_name = "api_keys"
urlpatterns = [
    path("api-keys", api.ApiKeysView.as_view(), name="keys"),
    path("api-keys/<str:prefix>", api.ApiKeyView.as_view(), name="key"),
]
