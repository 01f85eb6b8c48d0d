from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatbot.knowledge import services
from chatbot.knowledge.admin.acting import actor_of, told
from chatbot.knowledge.admin.import_form import ImportForm
from chatbot.knowledge.models import ImportJob
from chatbot.knowledge.reports import report_of
from chatplatform.kernel.admin import ModelAdmin, TenantListed, VisibleRows, own_tenant
from chatplatform.kernel.errors import ApplicationError
from chatplatform.tenants.models import Tenant


@admin.register(ImportJob)
class ImportJobAdmin(VisibleRows, TenantListed, ModelAdmin):
    """Files and pages on their way into the knowledge base."""

    empty_hint = _(
        "Bring in what you have: Markdown, HTML, PDF, Word, CSV, ZIP, or pages at addresses."
    )
    list_display = (
        *("created_at", "what", "shown_state", "progress"),
        *("created", "updated", "skipped", "failed", "started_by"),
    )
    list_filter = ("state", "kind", "created_at", ("started_by", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("started_by", "tenant")
    search_fields = ("sources__name", "items__place")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    list_per_page = 50

    class Media:
        css = {"all": ("knowledge/admin.css",)}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what was brought in, and what not, is history

    def has_add_permission(self, request: HttpRequest) -> bool:
        may_write = request.user.has_perm("knowledge.add_article")
        return bool(may_write and super().has_add_permission(request))

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportJob]:
        found: QuerySet[ImportJob] = super().get_queryset(request)
        return found.prefetch_related("sources") if _is_list(request) else found

    def get_urls(self) -> list[URLPattern]:
        def page(name: str, view: Callable[..., HttpResponse]) -> URLPattern:
            address, known_as = f"<path:object_id>/{name}/", f"knowledge_importjob_{name}"
            made: URLPattern = path(address, self.admin_site.admin_view(view), name=known_as)
            return made

        own = [page("progress", self.progress_view), page("settle", self.settle_view)]
        return [*own, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The form: files or addresses, and what becomes of them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None, user=request.user)
        if request.method == "POST" and form.is_valid():
            job = self._started(request, form)
            if job is not None:
                return redirect("admin:knowledge_importjob_change", job.pk)
        return self._page(request, "import_new", title=_("Import articles"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """How far it is, and what could not be taken."""
        job = self._opened(request, object_id)
        title = _("Import %(number)s") % {"number": f"#{job.pk}"}
        return self._page(request, "import", title=title, **self._told(request, job))

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The part of the page that changes, asked for while the import goes on."""
        job = self._opened(request, object_id)
        return render(request, "knowledge/import_progress.html", self._told(request, job))

    def settle_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Cancel it, or try again what failed."""
        job = self._opened(request, object_id)
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        actor = actor_of(request)
        if request.POST.get("do") == "retry":
            done = _("It is tried again.")
            told(request, lambda: services.retry_import(job=job, actor=actor), done)
        else:
            done = _("The import is cancelled. What is in stays.")
            told(request, lambda: services.cancel_import(job=job, actor=actor), done)
        return redirect("admin:knowledge_importjob_change", job.pk)

    def _started(self, request: HttpRequest, form: ImportForm) -> ImportJob | None:
        tenant: Tenant = own_tenant(request) or form.cleaned_data["tenant"]
        try:
            return services.start_import(
                tenant=tenant,
                files=form.cleaned_data["uploads"],
                urls=form.cleaned_data["urls"],
                options=form.options(),
                by=request.user,
            )
        except ApplicationError as refusal:
            form.add_error(None, str(refusal.detail))
            return None

    def _opened(self, request: HttpRequest, object_id: str) -> ImportJob:
        job = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, job):
            raise PermissionDenied
        assert isinstance(job, ImportJob)  # noqa: S101 - for the type checker
        return job

    def _told(self, request: HttpRequest, job: ImportJob) -> dict[str, Any]:
        return {
            "job": job,
            "report": report_of(job),
            "goes_on": job.state in ImportJob.UNFINISHED,
            "may_settle": self.has_add_permission(request),
        }

    def _page(self, request: HttpRequest, name: str, **context: Any) -> HttpResponse:
        request.current_app = self.admin_site.name
        site = self.admin_site.each_context(request)
        context = {**site, "opts": self.opts, "media": self.media, **context}
        return TemplateResponse(request, f"knowledge/{name}.html", context)

    @admin.display(description=gettext_lazy("files or addresses"))
    def what(self, job: ImportJob) -> str:
        names = [source.name for source in job.sources.all()]
        shown = ", ".join(names[:3])[:120]
        return f"{shown} …" if len(names) > 3 or len(shown) == 120 else shown or str(job)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def shown_state(self, job: ImportJob) -> str:
        return str(ImportJob.State(job.state).label)

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, job: ImportJob) -> str:
        return f"{job.done} / {job.total}"


def _is_list(request: HttpRequest) -> bool:
    return bool(request.resolver_match and request.resolver_match.url_name == _LIST)


_LIST = "knowledge_importjob_changelist"
