from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.answerer import Outcome, Trigger
from chatbot.assistant.briefs import words
from chatbot.assistant.handover.moods import Mood
from chatbot.conversations.models import Conversation, Message
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility

if TYPE_CHECKING:
    from chatbot.assistant.handover.triggers import Situation


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
    handoff = models.CharField(
        _("person because"),
        max_length=16,
        choices=Trigger.choices,
        blank=True,
        help_text=_("Why a person was fetched or offered."),
    )
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
    # What the question is and what came before it, once somebody has read it.
    situation: "Situation | None" = None

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-id"]
        indexes = [
            # What a worker looks for every second: nearly always an empty range. Not a partial
            # index: SQLite can't use one for a status that comes as a parameter.
            models.Index(fields=["status", "id"], name="run_by_status"),
            models.Index(fields=["conversation", "version", "id"], name="run_of_turn"),
            models.Index(fields=["created_at"], name="run_by_age"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.status}"


class HandoffBrief(TenantOwned):
    """What the person should know who takes over; written with the transfer, once per transfer.

    `version` is the conversation's while the customer waits. `facts` are {"label","value",
    "confirmed"}: confirmed ones stand in the customer's own words. `tried` are steps, `sources`
    {"title","url"}. What rules found is kept by codes, which briefs/words.py puts into words;
    `language` is what a model writes in; the suggested reply is in the customer's.
    """

    class Author(models.TextChoices):
        TEMPLATE = "template", _("template")
        MODEL = "model", _("model")

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="briefs",
        db_index=False,  # the constraint's index begins with it
        verbose_name=_("conversation"),
    )
    version = models.PositiveIntegerField(_("version"))
    trigger = models.CharField(_("person because"), max_length=16, choices=Trigger.choices)
    goal = models.CharField(_("goal"), max_length=500, blank=True)
    facts = models.JSONField(_("facts"), default=list, blank=True)
    tried = models.JSONField(_("tried"), default=list, blank=True)
    sources = models.JSONField(_("sources"), default=list, blank=True)
    mood = models.CharField(_("mood"), max_length=16, choices=Mood.choices, default=Mood.CALM)
    open_question = models.CharField(_("open question"), max_length=500, blank=True)
    suggested_reply = models.CharField(_("suggested reply"), max_length=1000, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=16)
    made_by = models.CharField(
        _("written by"), max_length=16, choices=Author.choices, default=Author.TEMPLATE
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("handoff brief")
        verbose_name_plural = _("handoff briefs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "version"], name="brief_once_a_transfer"
            )
        ]

    def __str__(self) -> str:
        return self.goal[:60] or f"#{self.pk}"

    @property
    def worded_facts(self) -> list[dict[str, Any]]:
        """The facts in the active language."""
        return words.worded_facts(self.facts)

    @property
    def worded_steps(self) -> list[str]:
        """What was tried, in the active language."""
        return words.worded_steps(self.tried)
