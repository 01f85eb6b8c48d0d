"""How this room answers: JSON, and nothing at all to who has it already."""

from hashlib import sha256
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.conversations.wire import Shape


def answer(shape: Shape) -> Response:
    body: dict[str, Any] = shape.model_dump(mode="json")
    return Response(body)


def answer_unless_known(request: Request, shape: Shape) -> HttpResponseBase:
    """The answer with an ETag, or 304 for a caller that names that in If-None-Match."""
    etag = quote_etag(sha256(shape.model_dump_json().encode()).hexdigest()[:32])
    response = answer(shape)
    response["ETag"] = etag
    # A browser may keep it and asks each time; nobody in between may.
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Accept-Language", "Cookie", "Authorization"])
    return get_conditional_response(request._request, etag=etag, response=response) or response
