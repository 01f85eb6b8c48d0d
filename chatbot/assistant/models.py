from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.answerer import Outcome
from chatbot.conversations.models import Conversation, Message
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class Run(TenantOwned):
    """The AI's duty to answer one customer message; outlives the process that works on it.

    `version` is the conversation's when the message came: the answer is given only if it still is.
    While running, it belongs to `worker` until `lease_until`; while queued, it waits until then.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")
        FAILED = "failed", _("failed")

    OPEN = (Status.QUEUED, Status.RUNNING)

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", verbose_name=_("conversation")
    )
    trigger = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="+", verbose_name=_("question")
    )
    version = models.PositiveIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.QUEUED
    )
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    outcome = models.CharField(_("outcome"), max_length=24, choices=Outcome.choices, blank=True)
    answer = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer"),
    )
    error = models.CharField(_("error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        indexes = [
            # What a worker looks for every second: nearly always an empty range. Not a partial
            # index: SQLite can't use one for a status that comes as a parameter.
            models.Index(fields=["status", "id"], name="run_by_status"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"
