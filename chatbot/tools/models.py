from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from chatbot.conversations.models import Conversation
from chatbot.tools.choices import AWAITING, Audience, Auth, CallStatus, Health, Kind, Risk
from chatplatform.kernel.models import TenantOwned, Timestamped
from chatplatform.kernel.visibility import Visibility
from chatplatform.protection.encryption import EncryptedTextField

NAME = r"[A-Za-z][A-Za-z0-9_-]{0,63}"
NO_ADDRESS = _("This is no http:// or https:// address.")
_tool_name = RegexValidator(rf"\A{NAME}\Z", _("Letters, digits, - and _, at most 64."))


class ToolServer(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # ours is Any
    """Where tools come from. `secret` is the bearer token, or the value of the header `auth_name`;
    `document` is the OpenAPI description of an HTTP API. Never a command: nothing is started here.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(
        _("server address"),
        max_length=500,
        blank=True,
        # Not a URLField: that knows no host names of one word, as private networks have them.
        validators=[RegexValidator(r"\Ahttps?://[^\s/?#@]+(/\S*)?\Z", NO_ADDRESS)],
        help_text=_(
            "Of an MCP server (streamable HTTP), or where an HTTP API's paths begin. It must be on "
            "the open internet, or allowed by an operator with OUTBOUND_ALLOWED."
        ),
    )
    auth = models.CharField(
        _("authentication"), max_length=16, choices=Auth.choices, default=Auth.NONE
    )
    auth_name = models.CharField(_("name of the header"), max_length=80, blank=True)
    secret = EncryptedTextField(_("secret"), blank=True)
    timeout = models.FloatField(
        _("time limit (seconds)"),
        default=10,
        validators=[MinValueValidator(0.1), MaxValueValidator(60)],
    )
    retries = models.PositiveSmallIntegerField(
        _("retries"),
        default=1,
        validators=[MaxValueValidator(3)],
        help_text=_("Of reads only, within the time limit. What writes is never repeated."),
    )
    enabled = models.BooleanField(_("enabled"), default=True)
    status = models.CharField(
        _("status"), max_length=16, choices=Health.choices, default=Health.UNKNOWN, editable=False
    )
    last_check = models.DateTimeField(_("last looked at"), null=True, editable=False)
    last_error = models.CharField(_("error"), max_length=500, blank=True, editable=False)
    sync_at = models.DateTimeField(
        _("next look"), null=True, blank=True, editable=False, db_index=True
    )
    document = models.TextField(
        _("OpenAPI document"), blank=True, help_text=_("OpenAPI 3 as JSON or YAML.")
    )

    visibility = Visibility(shared=Q(), constraints=("kind",))

    class Meta:
        verbose_name = _("tool server")
        verbose_name_plural = _("tool servers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="tool_server_once_per_tenant")
        ]

    def __str__(self) -> str:
        return self.name


class Tool(TenantOwned, Timestamped):  # type: ignore[django-manager-missing]  # likewise
    """What the assistant may do. `remote` is what the server knows it by: a name, or for an HTTP
    API {"method","path","places"}.

    `offered` is what the server says of it now, while that differs from what people `accepted`:
    until somebody accepts it the tool is not used. `identity` are values that the server fills
    in, one a line: "query email = {customer.email}".
    """

    server = models.ForeignKey(
        ToolServer, on_delete=models.CASCADE, related_name="tools", verbose_name=_("server")
    )
    name = models.CharField(_("name"), max_length=64, validators=[_tool_name])
    title = models.CharField(_("title"), max_length=120, blank=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What a model reads to know when to use it.")
    )
    remote = models.JSONField(_("at the server"), default=dict, editable=False)
    input_schema = models.JSONField(_("arguments (JSON Schema)"), default=dict)
    output_schema = models.JSONField(_("result (JSON Schema)"), default=dict, blank=True)
    risk = models.CharField(_("risk"), max_length=8, choices=Risk.choices, default=Risk.WRITE)
    enabled = models.BooleanField(_("enabled"), default=False)
    audience = models.CharField(
        _("for whom"), max_length=8, choices=Audience.choices, default=Audience.ANYONE
    )
    roles = models.ManyToManyField(
        "roles.Role",
        blank=True,
        related_name="+",
        verbose_name=_("roles"),
        help_text=_("Only agents of these roles use and approve it; none: all who may approve."),
    )
    per_minute = models.PositiveSmallIntegerField(
        _("calls a minute"),
        default=10,
        validators=[MinValueValidator(1)],
        help_text=_("In one conversation."),
    )
    wordings = models.TextField(
        _("example wordings"),
        blank=True,
        help_text=_("How customers ask for it, one a line. Without a model it is found by them."),
    )
    answers = models.JSONField(
        _("answers"),
        default=dict,
        blank=True,
        help_text=_(
            "What a customer reads without a model, by language, with fields of the result: "
            '{"en": "Your order is {status}."}'
        ),
    )
    identity = models.TextField(
        _("filled in by us"),
        blank=True,
        help_text=_(
            'Never left to a model, one a line: "query email = {customer.email}". Places: query, '
            "header, path, body, argument. Fields: customer.email, customer.name, customer.id, "
            "conversation.name."
        ),
    )
    accepted = models.JSONField(_("as accepted"), default=dict, editable=False)
    offered = models.JSONField(_("changed at the server"), null=True, blank=True, editable=False)
    missing = models.BooleanField(_("gone from the server"), default=False, editable=False)

    visibility = Visibility(through="server")

    class Meta:
        verbose_name = _("tool")
        verbose_name_plural = _("tools")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="tool_once_per_tenant")
        ]

    def __str__(self) -> str:
        return self.title or self.name

    @property
    def is_usable(self) -> bool:
        """Whether it may run now, for whoever may use it."""
        return self.enabled and self.offered is None and not self.missing and self.server.enabled


class ToolCall(TenantOwned):
    """One use of a tool, from the wish to its end. `arguments` and `result` are masked, for people;
    `sealed` holds the real arguments until it has run.

    While running it is its `worker`'s until `lease_until`; what was not finished by then and may
    have changed something is uncertain, and not tried again.
    """

    tool = models.ForeignKey(
        Tool, on_delete=models.SET_NULL, null=True, related_name="calls", verbose_name=_("tool")
    )
    tool_name = models.CharField(_("name of the tool"), max_length=64)
    title = models.CharField(_("title"), max_length=120, blank=True)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="+", verbose_name=_("conversation")
    )
    run = models.BigIntegerField(_("run"), null=True, blank=True)
    step = models.PositiveSmallIntegerField(_("step"), default=0)
    risk = models.CharField(_("risk"), max_length=8, choices=Risk.choices, default=Risk.READ)
    status = models.CharField(_("status"), max_length=24, choices=CallStatus.choices)
    arguments = models.JSONField(_("arguments"), default=dict)
    sealed = EncryptedTextField(_("sealed arguments"), blank=True, editable=False)
    result = models.TextField(_("result"), blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    latency_ms = models.PositiveIntegerField(_("milliseconds"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    idempotency_key = models.CharField(_("idempotency key"), max_length=64, unique=True)
    worker = models.CharField(_("worker"), max_length=100, blank=True)
    lease_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    expires_at = models.DateTimeField(_("to be decided by"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
        help_text=_("Empty: the customer."),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    visibility = Visibility(through="conversation")

    class Meta:
        verbose_name = _("tool call")
        verbose_name_plural = _("tool calls")
        ordering = ["-id"]
        permissions = [("approve_toolcall", gettext_noop("Can approve what the assistant may not"))]
        indexes = [
            models.Index(fields=["status", "id"], name="tool_call_by_status"),
            models.Index(fields=["conversation", "id"], name="tool_call_of_conversation"),
            models.Index(fields=["tool", "created_at"], name="tool_call_by_tool"),
            models.Index(fields=["created_at"], name="tool_call_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.tool_name} #{self.pk}"

    @property
    def is_awaiting(self) -> bool:
        return self.status in AWAITING


class DemoOrder(TenantOwned):
    """An order of the demo shop, for its tools. `email` is whose it is; "": anybody's to try."""

    number = models.CharField(_("number"), max_length=12)
    email = models.EmailField(_("e-mail"), blank=True)
    item = models.CharField(_("item"), max_length=120)
    state = models.CharField(_("state"), max_length=24)
    address = models.CharField(_("delivery address"), max_length=200)
    total = models.DecimalField(_("total"), max_digits=8, decimal_places=2)
    refunded_by = models.CharField(_("refunded by"), max_length=64, blank=True)

    visibility = Visibility(shared=Q())

    class Meta:
        verbose_name = _("demo order")
        verbose_name_plural = _("demo orders")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="demo_order_once_per_tenant")
        ]

    def __str__(self) -> str:
        return self.number
