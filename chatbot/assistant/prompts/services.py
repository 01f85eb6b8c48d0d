"""What can be done with instructions. Each function is one transaction, in the tenant's scope."""

from django.db import models, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chatbot.assistant.prompts import guards
from chatbot.assistant.prompts.models import Prompt
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import Conflict
from chatplatform.tenants.models import Tenant

CONTENT = ("english", "chinese", "tone", "language")


class PromptSettled(Conflict):
    code = "prompt_settled"
    title = _("What was published is not changed any more. Write a new version.")


@transaction.atomic
def save_draft(*, prompt: Prompt, actor: Actor) -> Prompt:
    """Keep a new or changed draft; PromptSettled once it was published."""
    known = not prompt._state.adding
    if known and not _drafts(prompt).select_for_update().exists():
        raise PromptSettled
    before = stored_values_of(prompt)
    if not known:
        prompt.number = _next_number(prompt.tenant)
        prompt.status = Prompt.Status.DRAFT
    prompt.written_by = actor.label
    prompt.save()
    action = "prompt.change" if known else "prompt.create"
    audit.record(
        tenant=prompt.tenant,
        actor=actor,
        action=action,
        target=prompt,
        before=before,
        after=values_of(prompt),
    )
    return prompt


@transaction.atomic
def publish_prompt(*, prompt: Prompt, actor: Actor) -> Prompt:
    """Tell the model this from now on; PromptSettled unless it is a draft.

    PublishingRefused if a guard objects.
    """
    tenant = Tenant.objects.select_for_update().get(pk=prompt.tenant_id)  # one at a time
    guards.ask_all(prompt)
    published = {"status": Prompt.Status.PUBLISHED, "published_at": timezone.now()}
    before = Prompt.objects.filter(tenant=tenant, status=Prompt.Status.PUBLISHED)
    replaced = before.values_list("number", flat=True).first()
    before.update(status=Prompt.Status.RETIRED)
    if not _drafts(prompt).update(**published, published_by=actor.label):
        raise PromptSettled
    data = {"version": prompt.number, "replaced": replaced}
    audit.record(tenant=tenant, actor=actor, action="prompt.publish", target=prompt, data=data)
    prompt.refresh_from_db()
    return prompt


@transaction.atomic
def restore_prompt(*, prompt: Prompt, actor: Actor) -> Prompt:
    """Publish the words of an older version again, as a new one."""
    copy = Prompt(tenant=prompt.tenant, **{name: getattr(prompt, name) for name in CONTENT})
    copy.note = str(_("As version %(number)d")) % {"number": prompt.number}
    return publish_prompt(prompt=save_draft(prompt=copy, actor=actor), actor=actor)


@transaction.atomic
def delete_draft(*, prompt: Prompt, actor: Actor) -> None:
    """Throw a draft away; PromptSettled once it was published."""
    key, tenant, before = str(prompt.pk), prompt.tenant, values_of(prompt)
    if not _drafts(prompt).delete()[0]:
        raise PromptSettled
    audit.record(tenant=tenant, actor=actor, action="prompt.delete", target=key, before=before)


def _drafts(prompt: Prompt) -> models.QuerySet[Prompt]:
    drafts: models.QuerySet[Prompt] = Prompt.objects.filter(
        pk=prompt.pk, status=Prompt.Status.DRAFT
    )
    return drafts


def _next_number(tenant: Tenant) -> int:
    """Of two who write at once one waits: the tenant's row is locked."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    highest = Prompt.objects.filter(tenant=tenant).aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1
