from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatbot.conversations.models import Message
from chatbot.knowledge.models.articles import Article
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class OpenQuestion(TenantOwned):  # type: ignore[django-manager-missing]  # scoped ones are untyped
    """What nobody could answer, however it was put: `text` is how it was asked first.

    `key` is the same for the same wording, `terms` are its words: others that share most of them
    belong to it. Once `article` answers it, it opens again if it is asked in vain again.
    """

    class State(models.TextChoices):
        OPEN = "open", _("unanswered")
        ANSWERED = "answered", _("has an article")
        DISMISSED = "dismissed", _("dismissed")

    text = models.CharField(_("question"), max_length=500)
    language = models.CharField(_("language"), max_length=16, choices=settings.LANGUAGES)
    key = models.CharField(_("wording (SHA-256)"), max_length=64, editable=False)
    terms = models.TextField(_("words"), editable=False)
    state = models.CharField(_("state"), max_length=16, choices=State.choices, default=State.OPEN)
    times = models.PositiveIntegerField(_("times asked"), default=0)
    first_asked_at = models.DateTimeField(_("first asked"), default=timezone.now)
    last_asked_at = models.DateTimeField(_("last asked"), default=timezone.now)
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="questions",
        verbose_name=_("article"),
    )

    # Whoever looks after what the shop knows sees what it lacks.
    visibility = Visibility(shared=Q(), constraints=("language",))

    class Meta:
        verbose_name = _("unanswered question")
        verbose_name_plural = _("unanswered questions")
        ordering = ["-times", "-last_asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "language", "key"], name="open_question_once_per_wording"
            )
        ]
        indexes = [
            models.Index(
                fields=["tenant", "language", "state", "-last_asked_at"],
                name="open_question_recent",
            ),
            models.Index(fields=["last_asked_at"], name="open_question_by_age"),
        ]

    def __str__(self) -> str:
        return self.text


class Asking(TenantOwned):
    """One customer's message that asked it, in her words."""

    question = models.ForeignKey(
        OpenQuestion,
        on_delete=models.CASCADE,
        related_name="askings",
        verbose_name=_("unanswered question"),
    )
    message = models.OneToOneField(
        Message, on_delete=models.CASCADE, related_name="+", verbose_name=_("message")
    )
    text = models.CharField(_("wording"), max_length=500)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)

    visibility = Visibility(through="question")

    class Meta:
        verbose_name = _("wording of an unanswered question")
        verbose_name_plural = _("wordings of unanswered questions")
        ordering = ["-id"]
        indexes = [models.Index(fields=["asked_at"], name="asking_by_age")]

    def __str__(self) -> str:
        return self.text
