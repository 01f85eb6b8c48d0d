"""No table grows for ever unseen: its old rows are removed, or it is said here why it may stay."""

from datetime import timedelta

import pytest
from django.db import models
from django.utils import timezone

from chatbot.assistant.models import Run
from chatbot.evaluation.models import EvaluationRun
from chatbot.moderation.models import Original
from chatbot.moderation.runtime_settings import ModerationSettings
from chatbot.tools.models import ToolCall
from chatplatform.configuration.testing import configured
from chatplatform.kernel import retention
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.isolation.treasure import Treasure, owned_models

OTHERWISE = {
    "people write and delete them": {
        "accounts.SsoConnection",
        "accounts.User",
        "api_keys.ApiKey",
        "configuration.Setting",
        "dictionaries.DictionaryType",
        "evaluation.Case",
        "evaluation.QuestionSet",
        "knowledge.Article",
        "knowledge.ArticleVersion",
        "knowledge.Passage",
        "moderation.AllowedPhrase",
        "moderation.SensitiveWord",
        "prompts.Prompt",
        "providers.Provider",
        "roles.MenuOverride",
        "roles.Role",
        "tenants.AllowedOrigin",
        "tenants.Department",
        "tenants.Position",
        "tools.DemoOrder",
        "tools.Tool",
        "tools.ToolServer",
    },
    "one a tenant, a person or a month": {
        "accounts.Presence",
        "embedders.Progress",
        "knowledge.Edition",
        "moderation.Edition",
        "tenants.UsageCounter",
    },
    "one a provider and day": {"providers.ModelDay"},
    "what no article needs goes with the next embedding": {"embedders.TextVector"},
    "history, by AUDIT_RETENTION_DAYS": {"accounts.LoginLog", "audit.AuditEntry"},
    "what was said": {"conversations.Customer", "conversations.Conversation"},
}
ENDED = {Run: {"status": "done"}, ToolCall: {"status": "ok"}, EvaluationRun: {"status": "failed"}}


def test_every_table_is_trimmed_goes_with_its_conversation_or_is_named_here() -> None:
    named = set().union(*OTHERWISE.values())
    trimmed = {model._meta.label for model in retention.tables()}
    with_conversation = {model._meta.label for model in owned_models() if _goes(model)}
    everything = {model._meta.label for model in owned_models()}
    assert everything - trimmed - with_conversation == named
    assert not trimmed & named


def _goes(model: type[models.Model]) -> bool:
    talks = {"conversations.Conversation", "conversations.Message"}
    return any(
        field.remote_field.model._meta.label in talks
        for field in model._meta.concrete_fields
        if field.remote_field and field.remote_field.on_delete is models.CASCADE
    )


@pytest.fixture
def rows(tenant: Tenant) -> dict[type[models.Model], models.Model]:
    """One of every table whose old rows are removed."""
    treasure = Treasure(tenant, known=[])
    return {model: treasure.row(model) for model in retention.tables()}


def age(rows: dict[type[models.Model], models.Model], *, days: int) -> None:
    """Everything happened so long ago, and has ended."""
    then = timezone.now() - timedelta(days=days)
    with all_tenants():
        for model, row in rows.items():
            times = [each for each in model._meta.fields if isinstance(each, models.DateTimeField)]
            past = {field.name: then for field in times}
            model._default_manager.filter(pk=row.pk).update(**past, **ENDED.get(model, {}))


def left(rows: dict[type[models.Model], models.Model]) -> set[type[models.Model]]:
    with all_tenants():
        return {model for model, row in rows.items() if model._default_manager.filter(pk=row.pk)}


@pytest.mark.django_db
def test_what_is_old_goes_and_what_is_young_stays(
    rows: dict[type[models.Model], models.Model],
) -> None:
    age(rows, days=29)
    retention.remove_everywhere()
    assert left(rows) == set(rows)
    age(rows, days=3651)
    retention.remove_everywhere()
    assert left(rows) == set()


@pytest.mark.django_db
def test_a_company_says_how_long_what_was_hidden_is_kept(
    rows: dict[type[models.Model], models.Model], tenant: Tenant
) -> None:
    age(rows, days=29)
    with configured(ModerationSettings, tenant, originals_kept_days=28):
        retention.remove_everywhere()
    assert left(rows) == set(rows) - {Original}


@pytest.mark.django_db
def test_the_trouble_of_one_room_does_not_keep_the_others_from_theirs(
    rows: dict[type[models.Model], models.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> int:
        raise OSError

    monkeypatch.setattr(retention, "_removals", {broken: (Run,), **retention._removals})
    monkeypatch.setattr(retention.connection, "close", lambda: None)  # the test's own
    age(rows, days=3651)
    retention.remove_everywhere()
    assert left(rows) == set()
