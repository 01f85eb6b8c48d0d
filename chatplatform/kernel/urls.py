"""What every process answers: health, metrics, the API's own description, the language switch."""

from django.urls import include, path

from chatplatform.kernel import health, metrics, openapi

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("api/schema/", openapi.SchemaView.as_view(), name="schema"),
    path("api/docs/", openapi.docs_page, name="api-docs"),
    path("i18n/", include("django.conf.urls.i18n")),
]
