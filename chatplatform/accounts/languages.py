"""In which language we speak to a user: her own choice, then the cookie's, then the browser's."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from chatplatform.accounts.models import User


def activate_language_of(user: User, request: HttpRequest) -> None:
    """Speak the user's saved language for the rest of this request, if she has one."""
    if is_ours(user.language):
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language


def is_ours(language: str) -> bool:
    return language in dict(settings.LANGUAGES)
