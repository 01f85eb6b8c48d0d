"""The administration's menu in the words of those who administer: what is needed most comes first.

Only the roof knows every room's pages. What nobody sorted here stands under Other, so that nothing
which a package adds is out of reach.
"""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

OTHER = _("Other")
GROUPS = {
    _("Conversations"): (
        "conversations.Conversation",
        "conversations.Customer",
        "conversations.Message",
        "assistant.HandoffBrief",
    ),
    _("Knowledge"): (
        "knowledge.Article",
        "knowledge.OpenQuestion",
        "knowledge.ImportJob",
        "embedders.Progress",
    ),
    _("Assistant"): (
        "prompts.Prompt",
        "providers.Provider",
        "providers.ModelCall",
        "assistant.Run",
    ),
    _("Tools"): ("tools.Tool", "tools.ToolServer", "tools.ToolCall", "tools.DemoOrder"),
    _("Moderation"): (
        "moderation.Hit",
        "moderation.SensitiveWord",
        "moderation.AllowedPhrase",
        "moderation.Original",
    ),
    _("Quality"): (
        "evaluation.QuestionSet",
        "evaluation.Case",
        "evaluation.EvaluationRun",
    ),
    _("People and permissions"): (
        "accounts.User",
        "roles.Role",
        "tenants.Department",
        "tenants.Position",
        "roles.MenuOverride",
    ),
    _("Company and settings"): (
        "configuration.Setting",
        "tenants.Tenant",
        "tenants.Plan",
        "tenants.UsageCounter",
        "dictionaries.DictionaryType",
    ),
    _("History and security"): (
        "audit.AuditEntry",
        "accounts.LoginLog",
        "accounts.SsoConnection",
        "api_keys.ApiKey",
    ),
    _("Under the hood"): (
        "plugins.PluginReport",
        "conversations.Timer",
        "knowledge.Passage",
        "knowledge.Edition",
        "moderation.Edition",
        "desk.ReadMark",
        "realtime.Log",
        "realtime.Event",
    ),
}


def arrange(site: AdminSite) -> None:
    """Make the menu and the first page of an admin site list its pages in these groups."""
    by_app = site.get_app_list

    def get_app_list(request: HttpRequest, app_label: str | None = None) -> list[Any]:
        apps = by_app(request, app_label)
        return apps if app_label else _grouped(apps)

    site.get_app_list = get_app_list  # type: ignore[method-assign]


def _grouped(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Django's shape of an app for each group, of those pages that this reader may open."""
    pages = {page["model"]._meta.label: page for app in apps for page in app["models"]}
    groups = [
        (name, [pages.pop(label) for label in labels if label in pages])
        for name, labels in GROUPS.items()
    ]
    groups.append((OTHER, list(pages.values())))
    return [_as_app(name, models) for name, models in groups if models]


def _as_app(name: Any, models: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": str(name),
        "app_label": models[0]["model"]._meta.app_label,
        "app_url": reverse("admin:index"),
        "has_module_perms": True,
        "models": models,
    }
