from django.urls import path

from workbench.audit import api

app_name = "audit_api"
urlpatterns = [path("audit", api.AuditView.as_view(), name="audit")]
