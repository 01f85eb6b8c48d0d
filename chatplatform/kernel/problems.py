"""Being written by ground."""

from rest_framework.views import exception_handler as exception_handler
