"""Every error code for programs and those who write them."""

from django.conf import settings
from django.http.response import HttpResponseBase
from django.utils import translation
from django_stubs_ext import StrOrPromise
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.kernel.error_codes import ErrorCode, error_codes
from workbench.administration.answers import answer_unless_known
from workbench.administration.shapes import ErrorOut, ErrorsOut


class ErrorsView(AgentAPIView):
    @extend_schema(
        operation_id="list_error_codes",
        responses={200: ErrorsOut, 304: None},
        tags=["administration"],
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Every error code with its status, its title and a hint, in every language."""
        results = [_out(error) for error in error_codes()]
        return answer_unless_known(request, ErrorsOut(results=results))


def _out(error: ErrorCode) -> ErrorOut:
    return ErrorOut(
        code=error.code,
        status=error.status,
        title=str(error.title),
        titles=_in_every_language(error.title),
        hint=str(error.hint),
        hints=_in_every_language(error.hint) if error.hint else {},
    )


def _in_every_language(text: StrOrPromise) -> dict[str, str]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = str(text)
    return said
