"""What can be done with providers. Each function is one transaction."""

from django.db import transaction
from django.utils import timezone

from chatbot.assistant.providers import trial
from chatbot.assistant.providers.models import Provider
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of


@transaction.atomic
def save_provider(*, provider: Provider, actor: Actor) -> Provider:
    """Keep a new or changed provider; whatever was wrong with it is to be found out anew."""
    action = "provider.create" if provider._state.adding else "provider.change"
    before = stored_values_of(provider)
    provider.trouble, provider.trouble_at = "", None
    provider.test_result, provider.tested_at = {}, None
    provider.save()
    audit.record(
        tenant=provider.tenant,
        actor=actor,
        action=action,
        target=str(provider.pk),
        before=before,
        after=values_of(provider),
    )
    return provider


@transaction.atomic
def delete_provider(*, provider: Provider, actor: Actor) -> None:
    """Remove it; the calls it answered stay."""
    key, tenant, before = str(provider.pk), provider.tenant, values_of(provider)
    provider.delete()
    audit.record(tenant=tenant, actor=actor, action="provider.delete", target=key, before=before)


@transaction.atomic
def test_provider(*, provider: Provider, actor: Actor) -> None:
    """Ask it something short in the background; `test_result` says how that went."""
    provider.tested_at, provider.test_result = timezone.now(), {"state": trial.RUNNING}
    provider.save(update_fields=["tested_at", "test_result"])
    audit.record(
        tenant=provider.tenant, actor=actor, action="provider.test", target=str(provider.pk)
    )
    transaction.on_commit(lambda: trial.begin(provider))
