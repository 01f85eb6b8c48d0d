"""Being written by ground."""

from rest_framework.parsers import JSONParser as JSONParser
