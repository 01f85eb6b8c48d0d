from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chatbot.moderation.choices import Action, Speaker, Verdict
from chatplatform.kernel.models import TenantEdition, TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility
from chatplatform.protection.encryption import EncryptedTextField

LONGEST_WORD = 60  # characters
LONGEST_PHRASE = 120


class SensitiveWord(TenantOwned, Timestamped):
    """What customers, agents or the AI should not say, or what a person should know was said.

    `normal` is what it is known by: words that are written differently and found alike are one.
    """

    word = models.CharField(_("word"), max_length=LONGEST_WORD)
    normal = models.CharField(_("normal form"), max_length=2 * LONGEST_WORD, editable=False)
    category = models.CharField(
        _("category"),
        max_length=40,
        default="other",
        help_text=_("Such as legal, media or self-harm; the assistant hands over by it."),
    )
    action = models.CharField(
        _("action"), max_length=8, choices=Action.choices, default=Action.MASK
    )
    for_customers = models.BooleanField(_("what customers write"), default=True)
    for_agents = models.BooleanField(_("what agents write"), default=True)
    for_ai = models.BooleanField(_("what the AI writes"), default=True)
    enabled = models.BooleanField(_("enabled"), default=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    visibility = Visibility(shared=Q(), constraints=("category", "action", "enabled"))

    class Meta:
        verbose_name = _("sensitive word")
        verbose_name_plural = _("sensitive words")
        ordering = ["category", "word"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "normal"], name="sensitive_word_once_per_tenant"
            )
        ]

    def __str__(self) -> str:
        return self.word

    @property
    def speakers(self) -> frozenset[Speaker]:
        """Those whose texts it is looked for in."""
        said_by = {
            Speaker.CUSTOMER: self.for_customers,
            Speaker.AGENT: self.for_agents,
            Speaker.AI: self.for_ai,
        }
        return frozenset(speaker for speaker, applies in said_by.items() if applies)


class AllowedPhrase(TenantOwned, Timestamped):
    """A phrase in which a sensitive word means no harm."""

    phrase = models.CharField(_("phrase"), max_length=LONGEST_PHRASE)
    normal = models.CharField(_("normal form"), max_length=2 * LONGEST_PHRASE, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    visibility = Visibility(shared=Q())

    class Meta:
        verbose_name = _("allowed phrase")
        verbose_name_plural = _("allowed phrases")
        ordering = ["phrase"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "normal"], name="allowed_phrase_once_per_tenant"
            )
        ]

    def __str__(self) -> str:
        return self.phrase


class Edition(TenantEdition):
    """Changes with every word and phrase, so that each process sees its matcher is old."""

    class Meta:
        verbose_name = _("edition of the words")
        verbose_name_plural = _("editions of the words")
        default_permissions = ("view",)


class Hit(TenantOwned):
    """A word that was said; one for each word of a text, however often it stands there.

    Without a message it stood in one that was refused, in a customer's name or in what she wrote
    beside her wish for a person. `excerpt` is the text around it as it was stored, `around` the
    words it is one of, as a phrase that could be allowed.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("conversation"),
    )
    message = models.ForeignKey(
        "conversations.Message",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
    )
    speaker = models.CharField(_("said by"), max_length=8, choices=Speaker.choices)
    word = models.CharField(_("word"), max_length=LONGEST_WORD)
    category = models.CharField(_("category"), max_length=40)
    action = models.CharField(_("action"), max_length=8, choices=Action.choices)
    excerpt = models.CharField(_("excerpt"), max_length=200)
    around = models.CharField(_("words around it"), max_length=LONGEST_PHRASE, blank=True)
    verdict = models.CharField(
        _("verdict"), max_length=12, choices=Verdict.choices, default=Verdict.OPEN
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reviewer"),
    )
    reviewed_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    created_at = models.DateTimeField(_("said"), auto_now_add=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("hit")
        verbose_name_plural = _("hits")
        ordering = ["-id"]
        default_permissions = ("view", "change")
        indexes = [
            models.Index(fields=["tenant", "verdict", "action", "-id"], name="hits_to_review"),
            models.Index(fields=["created_at"], name="hit_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.word}: {self.excerpt}"


class Original(TenantOwned):
    """What a message said before something in it was hidden; encrypted, and read with a reason."""

    message = models.OneToOneField(
        "conversations.Message",
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("message"),
    )
    text = EncryptedTextField(_("text"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    visibility = Visibility(through="message")

    class Meta:
        verbose_name = _("hidden original")
        verbose_name_plural = _("hidden originals")
        ordering = ["-id"]
        default_permissions = ("view",)
        permissions = [("reveal_original", gettext_noop("Can read what was hidden in messages"))]
        indexes = [models.Index(fields=["tenant", "created_at"], name="original_by_age")]

    def __str__(self) -> str:
        return f"#{self.message_id}"
