"""One channel, the package's own view."""

import django
import django_eventstream
from django.core.asgi import get_asgi_application
from django.urls import include, path

django.setup()
urlpatterns = [path("events", include(django_eventstream.urls), {"channels": ["benchmark"]})]
application = get_asgi_application()
