"""Imports for programs: started with files or addresses, then asked for until they are done."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from chatbot.knowledge import services
from chatbot.knowledge.access import access_import, check_may
from chatbot.knowledge.articles_api import TAGS, answer, caller
from chatbot.knowledge.imports.uploads import checked
from chatbot.knowledge.models import ImportJob
from chatbot.knowledge.reports import report_of
from chatbot.knowledge.services.imports import MOST_FILES
from chatbot.knowledge.shapes import (
    ImportBody,
    ImportForm,
    ImportReportOut,
    ImportsOut,
    import_out,
    import_report_out,
)
from chatplatform.accounts.callers.api import AgentAPIView
from chatplatform.accounts.models import User
from chatplatform.accounts.organisation.doors import company_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.http import JSONParser, read_body
from chatplatform.kernel.input_errors import field_error, field_errors
from chatplatform.kernel.pagination import CursorPages

_FILES = {
    "type": "object",
    "properties": {
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "language": {"type": "string", "enum": ["zh-hans", "en"]},
        "category": {"type": "string", "maxLength": 80},
        "publish": {"type": "boolean"},
    },
    "required": ["files"],
}


class ImportsView(AgentAPIView):
    parser_classes = (JSONParser, MultiPartParser)

    @extend_schema(
        operation_id="list_imports",
        parameters=[
            OpenApiParameter("limit", int, description="Imports a page, 1 to 100."),
            OpenApiParameter("cursor", str, description="From `next` or `previous`."),
        ],
        responses=ImportsOut,
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """The imports that the caller may see, the last one first."""
        user = caller(request)
        check_may(user, "view_importjob")
        pages = CursorPages()
        rows = ImportJob.objects.visible_to(user).order_by("-id")
        page: list[ImportJob] = pages.paginate_queryset(rows, request, self) or []
        return answer(
            ImportsOut(
                results=[import_out(job) for job in page],
                next=pages.get_next_link(),
                previous=pages.get_previous_link(),
            )
        )

    @extend_schema(
        operation_id="start_import",
        request={"application/json": ImportBody, "multipart/form-data": _FILES},
        responses={202: ImportReportOut},
        tags=TAGS,
    )
    def post(self, request: Request) -> Response:
        """Import files (multipart/form-data) or what stands at addresses (JSON); takes a while."""
        user = caller(request)
        tenant = company_of(user)
        for permission in ("add_importjob", "add_article"):
            check_may(user, permission)
        if request.content_type.startswith("multipart/"):
            uploads, urls, given = _uploads(request), list[str](), _form(request)
        else:
            body = read_body(request, ImportBody)
            uploads, urls = [], list(dict.fromkeys(body.urls))
            given = ImportForm(**body.model_dump(exclude={"urls"}))
        options = services.Options(given.language or "", given.category, given.publish)
        job = services.start_import(
            tenant=tenant,
            files=[checked(file) for file in uploads],
            urls=urls,
            options=options,
            by=user,
        )
        return _told(user, job.pk, status=202)


class ImportView(AgentAPIView):
    @extend_schema(operation_id="get_import", responses=ImportReportOut, tags=TAGS)
    def get(self, request: Request, id: int) -> Response:
        """How far an import is, and what was refused."""
        return _told(caller(request), id)


def _told(user: User, key: int, *, status: int = 200) -> Response:
    job = access_import(user=user, key=key)
    return answer(import_report_out(job, report_of(job)), status=status)


def _uploads(request: Request) -> Sequence["UploadedFile[bytes]"]:
    files: Sequence[UploadedFile[bytes]] = request.FILES.getlist("files")
    if len(files) > MOST_FILES:
        raise InvalidInput(errors=[field_error("files", "too_long", max_length=MOST_FILES)])
    return files


def _form(request: Request) -> ImportForm:
    fields = {name: value for name, value in request.POST.items() if name != "files"}
    try:
        return ImportForm.model_validate_strings(fields)
    except ValidationError as error:
        raise InvalidInput(errors=field_errors(error)) from None
