from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chatbot.knowledge.models.articles import Article
from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility


class ImportJob(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """Articles on their way in; outlives the process that works on it.

    `total` and `done` count what there is to do as far as it is known: a file or an address, and
    once that is read the documents in it. While running it is `worker`'s until `lease_until`.
    """

    class Kind(models.TextChoices):
        FILES = "files", _("files")
        URLS = "urls", _("addresses")

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    UNFINISHED = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.QUEUED)
    language = models.CharField(
        _("language"), max_length=16, blank=True, choices=settings.LANGUAGES
    )
    category = models.CharField(_("category"), max_length=80, blank=True)
    publish = models.BooleanField(_("publish at once"), default=False)
    total = models.PositiveIntegerField(_("to do"), default=0)
    done = models.PositiveIntegerField(_("done"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    skipped = models.PositiveIntegerField(_("unchanged"), default=0)
    failed = models.PositiveIntegerField(_("not taken"), default=0)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    visibility = Visibility(owner="started_by", shared=Q())

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "id"], name="import_by_state")]

    def __str__(self) -> str:
        return f"#{self.pk}"


class ImportSource(TenantOwned):
    """A file or an address to read. `content`, of `size` bytes, is kept until it has been read."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("read")
        FAILED = "failed", _("not taken")

    job = models.ForeignKey(
        ImportJob, on_delete=models.CASCADE, related_name="sources", verbose_name=_("import")
    )
    name = models.CharField(_("file or address"), max_length=500)
    kind = models.CharField(_("kind"), max_length=8)
    content = models.BinaryField(_("content"), default=b"", editable=False)
    size = models.PositiveIntegerField(_("bytes kept"), default=0)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    fault = models.CharField(_("fault"), max_length=40, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)

    visibility = Visibility(through="job")

    class Meta:
        verbose_name = _("source of an import")
        verbose_name_plural = _("sources of imports")
        ordering = ["id"]
        indexes = [models.Index(fields=["job", "state", "id"], name="import_source_by_state")]

    def __str__(self) -> str:
        return self.name


class ImportItem(TenantOwned):
    """A document found in a source, and what became of it. `draft` holds it until then."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        CREATED = "created", _("new")
        UPDATED = "updated", _("updated")
        SKIPPED = "skipped", _("unchanged")
        FAILED = "failed", _("not taken")

    job = models.ForeignKey(
        ImportJob, on_delete=models.CASCADE, related_name="items", verbose_name=_("import")
    )
    source = models.ForeignKey(
        ImportSource, on_delete=models.CASCADE, related_name="+", verbose_name=_("source")
    )
    place = models.CharField(_("place"), max_length=300, blank=True)
    draft = models.JSONField(_("document"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.WAITING
    )
    fault = models.CharField(_("fault"), max_length=40, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article"),
    )

    visibility = Visibility(through="job")

    class Meta:
        verbose_name = _("imported document")
        verbose_name_plural = _("imported documents")
        ordering = ["id"]
        indexes = [models.Index(fields=["job", "state", "id"], name="import_item_by_state")]

    def __str__(self) -> str:
        return self.place
