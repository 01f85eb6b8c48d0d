from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chatbot.assistant.prompts.models import Prompt
from chatbot.conversations.models import Message
from chatbot.knowledge.models import Article
from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility


class QuestionSet(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """Questions by which a tenant judges its assistant.

    If it `guards`, publishing is refused that loses a right answer of it (runtime settings).
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("description"), max_length=300, blank=True)
    guards = models.BooleanField(
        _("guards publishing"),
        default=True,
        help_text=_("Asked before something is published, where the settings want that."),
    )

    visibility = Visibility(shared=Q())

    class Meta:
        verbose_name = _("question set")
        verbose_name_plural = _("question sets")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="set_once_per_name")]

    def __str__(self) -> str:
        return self.name


class Case(TenantOwned):
    """A question and the article that answers it; no `expected`: it must not be answered."""

    class Origin(models.TextChoices):
        WRITTEN = "written", _("written here")
        MESSAGE = "message", _("from a conversation")

    question_set = models.ForeignKey(
        QuestionSet, on_delete=models.CASCADE, related_name="cases", verbose_name=_("question set")
    )
    question = models.CharField(_("question"), max_length=500)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES)
    expected = models.ForeignKey(
        Article,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article that answers"),
        help_text=_("None: the assistant must not answer it."),
    )
    origin = models.CharField(
        _("where it comes from"),
        max_length=16,
        choices=Origin.choices,
        default=Origin.WRITTEN,
        editable=False,
    )
    message = models.ForeignKey(
        Message,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
        editable=False,
    )
    added_by = models.CharField(_("added by"), max_length=160, blank=True, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    visibility = Visibility(through="question_set")

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        permissions = [("collect_case", gettext_noop("Can turn a bad answer into a case"))]
        constraints = [
            models.UniqueConstraint(
                fields=["question_set", "question"], name="case_once_per_question"
            )
        ]

    def __str__(self) -> str:
        return self.question


class EvaluationRun(TenantOwned):
    """A set asked at one moment. `results` holds one of {"case", "question", "language",
    "expected", "found", "answer", "also", "right"} a question, articles by their addresses.

    `fingerprint` is "" where the knowledge alone was asked; else a model answered with the
    instructions of `prompt` (None: the built-in ones), and it names the two (trials.py). `ground`
    names the cases and the knowledge; a trial's run is compared with its `baseline`.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    question_set = models.ForeignKey(
        QuestionSet, on_delete=models.CASCADE, related_name="runs", verbose_name=_("question set")
    )
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.QUEUED
    )
    started_by = models.CharField(_("started by"), max_length=160, blank=True)
    model = models.CharField(_("model"), max_length=120, blank=True)
    prompt = models.ForeignKey(
        Prompt,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("instructions"),
    )
    fingerprint = models.CharField(_("fingerprint"), max_length=32, blank=True)
    ground = models.CharField(_("ground"), max_length=32, blank=True)
    baseline = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compared with"),
    )
    asked = models.PositiveIntegerField(_("asked so far"), default=0)
    total = models.PositiveIntegerField(_("questions"), default=0)
    figures = models.JSONField(_("figures"), default=dict)
    results = models.JSONField(_("results"), default=list)
    error = models.CharField(_("error"), max_length=300, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    visibility = Visibility(through="question_set")

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-id"]
        default_permissions = ("view", "add", "delete")
        indexes = [
            models.Index(fields=["status", "id"], name="evaluation_by_status"),
            models.Index(fields=["tenant", "fingerprint"], name="evaluation_by_fingerprint"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"
