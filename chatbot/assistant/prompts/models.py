from django.db import models
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.prompts import defaults
from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility


class Tone(models.TextChoices):
    """How the assistant sounds."""

    FRIENDLY = "friendly", _("friendly")
    PLAIN = "plain", _("matter-of-fact")
    FORMAL = "formal", _("formal")


class Prompt(TenantOwned, Timestamped):
    """One version of what a tenant tells the model besides the rules of the house (rules.py).

    A draft may be changed; publishing it retires the one before, and nothing changes either any
    more. `number` counts a tenant's versions. The text in the customer's language is used.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    class Language(models.TextChoices):
        CUSTOMER = "customer", _("the customer's")
        ENGLISH = "en", _("always English")
        CHINESE = "zh-hans", _("always Chinese")

    number = models.PositiveIntegerField(_("version"), editable=False)
    status = models.CharField(
        _("status"), max_length=16, choices=Status.choices, default=Status.DRAFT, editable=False
    )
    english = models.TextField(
        _("instructions in English"), max_length=6000, blank=True, default=defaults.english
    )
    chinese = models.TextField(
        _("instructions in Chinese"), max_length=6000, blank=True, default=defaults.chinese
    )
    tone = models.CharField(_("tone"), max_length=16, choices=Tone.choices, default=Tone.FRIENDLY)
    language = models.CharField(
        _("language of answers"),
        max_length=16,
        choices=Language.choices,
        default=Language.CUSTOMER,
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("What changed, for whoever reads this.")
    )
    written_by = models.CharField(_("drafted by"), max_length=150, blank=True, editable=False)
    published_by = models.CharField(_("published by"), max_length=150, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)

    visibility = Visibility(shared=models.Q())

    class Meta:
        verbose_name = _("instructions")
        verbose_name_plural = _("instructions")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="prompt_number_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=models.Q(status="published"),
                name="prompt_published_once",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"


class Summary(TenantOwned):
    """What was said in a conversation up to the message `upto`, shorter; made in the background."""

    conversation = models.OneToOneField(
        "conversations.Conversation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("conversation"),
    )
    text = models.TextField(_("text"))
    upto = models.PositiveBigIntegerField(_("up to message"))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")

    def __str__(self) -> str:
        return self.text[:60]
