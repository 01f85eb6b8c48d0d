from typing import NoReturn

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language as set_language_cookie

from chatplatform.accounts import services
from chatplatform.accounts.languages import is_ours
from chatplatform.accounts.models import User


@csrf_exempt
def closed(request: HttpRequest) -> NoReturn:
    """An address that exists in a library we use, and not here."""
    raise Http404


def set_language(request: HttpRequest) -> HttpResponseBase:
    """Django's language switch; a signed-in user's choice is kept with her account."""
    response = set_language_cookie(request)
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and is_ours(language):
        services.choose_language(user=request.user, language=language)
    return response
