from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chatbot.conversations.states import State, TimerKind
from chatplatform.kernel.ids import public_id
from chatplatform.kernel.models import TenantOwned
from chatplatform.kernel.visibility import Visibility


class Customer(TenantOwned):  # type: ignore[django-manager-missing]  # scoped managers are untyped
    """A visitor, known by the secret her browser holds; it opens all her sessions."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    token_hash = models.CharField(_("token (SHA-256)"), max_length=64, unique=True, editable=False)
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="en"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    visibility = Visibility(through="conversations")

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or self.email or f"#{self.pk}"


class Conversation(TenantOwned):  # type: ignore[django-manager-missing]  # likewise
    """One customer's conversation; `session` on the wire, where `name` is its address.

    `version` rises with every transition. `agent` serves it while active, and did so last once it
    is resolved. `department` is for whom it is: its people see it besides the agent; without one,
    everybody does while no agent has it.
    """

    name = models.CharField(
        _("name"), max_length=22, unique=True, default=public_id, editable=False
    )
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="conversations", verbose_name=_("customer")
    )
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.AI_ACTIVE
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,  # an active conversation would be left without an owner
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agent"),
    )
    department = models.ForeignKey(
        "tenants.Department",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    language = models.CharField(
        _("language"), max_length=16, choices=settings.LANGUAGES, default="en"
    )
    transfer_reason = models.CharField(_("reason for the transfer"), max_length=500, blank=True)
    close_reason = models.CharField(
        _("reason for closing"),
        max_length=60,
        blank=True,
        help_text=_("A value of the dictionary close_reason."),
    )
    queued_at = models.DateTimeField(_("asked for a person"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_at = models.DateTimeField(_("opened"), default=timezone.now, editable=False)
    last_message_at = models.DateTimeField(
        _("last message"),
        default=timezone.now,
        help_text=_("Opening counts as the first sign of life."),
    )

    # Streams follow the same rule by their channels (audience.py), so every field stands there too.
    visibility = Visibility(
        owner="agent",
        department="department",
        shared=Q(department=None, agent=None),
        constraints=("language", "department", "agent"),
    )

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_message_at", "-id"]
        permissions = [
            ("serve_conversation", gettext_noop("Can serve customers")),
            ("route_conversation", gettext_noop("Can hand customers to departments")),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "queued_at", "id"], name="conversation_queue"),
            models.Index(
                fields=["tenant", "state", "-last_message_at", "-id"], name="conversation_by_state"
            ),
            models.Index(fields=["tenant", "-last_message_at", "-id"], name="conversation_recent"),
            models.Index(fields=["agent", "-last_message_at", "-id"], name="conversation_of_agent"),
            models.Index(
                fields=["department", "-last_message_at", "-id"], name="conversation_of_department"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.ACTIVE) | Q(agent__isnull=False),
                name="conversation_active_has_agent",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.QUEUED) | Q(queued_at__isnull=False),
                name="conversation_queued_has_place",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuthorKind(models.TextChoices):
    """Whose voice a message is."""

    CUSTOMER = "customer", _("customer")
    AI = "ai", _("AI")
    AGENT = "agent", _("agent")
    SYSTEM = "system", _("system")


class Message(TenantOwned):
    """One utterance. Ids rise in commit order inside a conversation. Never changed.

    A system message carries `code` and its parameters in `data`; `text` is the same in the
    customer's language. `client_id` is the sender's own id: sending it again never doubles.
    """

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,  # the index below begins with it
        verbose_name=_("conversation"),
    )
    author_kind = models.CharField(_("kind of author"), max_length=16, choices=AuthorKind.choices)
    author_name = models.CharField(_("author"), max_length=160, blank=True)
    author_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("user"),
    )
    text = models.TextField(_("text"))
    code = models.CharField(_("code"), max_length=40, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    client_id = models.CharField(_("sender's id"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    visibility = Visibility(through="conversation")
    # Whether moderation found nothing in it: known to whoever posted it, and not stored.
    is_clean = False

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [models.Index(fields=["conversation", "id"], name="message_in_order")]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "author_kind", "client_id"],
                condition=~Q(client_id=""),
                name="message_once_per_client_id",
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Timer(TenantOwned):
    """Something that happens to a conversation at `due_at` unless its state changes before."""

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="timers",
        verbose_name=_("conversation"),
    )
    kind = models.CharField(_("kind"), max_length=32, choices=TimerKind.choices)
    due_at = models.DateTimeField(_("due"), db_index=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind"], name="timer_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d %H:%M:%S}"
