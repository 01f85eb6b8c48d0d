from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from chatplatform.kernel.scoping import tenant_scoped

CHINESE, ENGLISH = "zh-hans", "en"


def in_readers_language(labels: dict[str, str]) -> str:
    """The label in the active language, or else the one that there is."""
    return labels.get(get_language() or "") or labels.get(ENGLISH) or next(iter(labels.values()))


class DictionaryType(models.Model):  # type: ignore[django-manager-missing]  # scoped managers are untyped
    """A list to choose from. Without a tenant it is everyone's, unless a tenant has its own of that
    code; `system` ones are used by the platform itself, and stay."""

    tenant = models.ForeignKey(
        "tenants.Tenant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tenant"),
        help_text=_("Without one: for every tenant that has no list of this code itself."),
    )
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z")],
        help_text=_("Lower-case letters, digits and _. Programs know the list by it."),
    )
    name_zh_hans = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=80)
    system = models.BooleanField(_("used by the platform"), default=False, editable=False)

    objects: ClassVar[Any] = tenant_scoped()

    class Meta:
        verbose_name = _("dictionary")
        verbose_name_plural = _("dictionaries")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "code"],
                condition=Q(tenant__isnull=False),
                name="dictionary_once_per_tenant",
                violation_error_code="unique",
                violation_error_message=_("There is a dictionary of this code already."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(tenant__isnull=True),
                name="dictionary_once_for_everyone",
                violation_error_code="unique",
                violation_error_message=_("There is a dictionary of this code already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> dict[str, str]:
        return {CHINESE: self.name_zh_hans, ENGLISH: self.name_en}

    @property
    def name(self) -> str:
        """In the reader's language."""
        return in_readers_language(self.names)


class DictionaryItem(models.Model):
    """One choice. It is switched off, never deleted: old records name it."""

    type = models.ForeignKey(
        DictionaryType,
        on_delete=models.CASCADE,
        related_name="items",
        verbose_name=_("dictionary"),
    )
    value = models.CharField(
        _("value"),
        max_length=60,
        validators=[RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_.-]*\Z")],
        help_text=_("What records keep; it does not change."),
    )
    label_zh_hans = models.CharField(_("label (Chinese)"), max_length=80)
    label_en = models.CharField(_("label (English)"), max_length=80)
    color = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^#[0-9A-Fa-f]{6}\Z")],
        help_text=_("As #2f5d4e."),
    )
    sort = models.PositiveIntegerField(_("place"), default=0)
    default = models.BooleanField(_("chosen at first"), default=False)
    enabled = models.BooleanField(_("can be chosen"), default=True)

    objects: ClassVar[Any] = ScopedManager(tenant="type__tenant")

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["sort", "id"]
        default_permissions = ()  # an item is a part of its dictionary
        constraints = [
            models.UniqueConstraint(fields=["type", "value"], name="item_once_per_dictionary"),
            models.UniqueConstraint(
                fields=["type"], condition=Q(default=True), name="item_one_default"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def labels(self) -> dict[str, str]:
        return {CHINESE: self.label_zh_hans, ENGLISH: self.label_en}

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_readers_language(self.labels)
