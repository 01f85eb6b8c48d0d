"""Which of the offered languages a visitor reads."""

from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


def preferred_language(request: HttpRequest, *, default: str) -> str:
    """The visitor's own choice, else the first of her browser's that we offer, else `default`."""
    browser = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    for code in (chosen, *(code for code, _weight in browser)):
        with suppress(LookupError):
            return get_supported_language_variant(code)
    return default
