"""Phrases in which a sensitive word means no harm."""

from django.db import transaction

from chatbot.moderation.drafts import faults_of_phrase
from chatbot.moderation.matcher import needle
from chatbot.moderation.models import AllowedPhrase
from chatbot.moderation.word_lists import renew
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.models import Tenant


@transaction.atomic
def allow_phrase(
    *,
    tenant: Tenant,
    text: str,
    note: str = "",
    phrase: AllowedPhrase | None = None,
    actor: Actor = SYSTEM,
) -> AllowedPhrase:
    """Let words pass where they stand in this phrase; or change `phrase` to it.

    InvalidInput for nothing, and for a phrase that is a sensitive word itself: that is taken off
    its list instead. One that is allowed already stays as it is.
    """
    phrase = phrase or AllowedPhrase(tenant=tenant)
    phrase.phrase, phrase.note = " ".join(text.split()), note.strip()
    phrase.normal = needle(phrase.phrase)[0]
    if faults := faults_of_phrase(phrase):
        raise InvalidInput(errors=faults)
    same = AllowedPhrase.objects.filter(tenant=tenant, normal=phrase.normal)
    known: AllowedPhrase | None = same.exclude(pk=phrase.pk).first()
    if known is not None:
        return known
    phrase.save()
    renew(tenant)
    data = {"phrase": phrase.phrase}
    audit.record(tenant=tenant, actor=actor, action="allowed_phrase.save", target=phrase, data=data)
    return phrase


@transaction.atomic
def delete_phrase(*, phrase: AllowedPhrase, actor: Actor = SYSTEM) -> None:
    """Words in it are found again."""
    tenant, key, data = phrase.tenant, str(phrase.pk), {"phrase": phrase.phrase}
    phrase.delete()
    renew(tenant)
    audit.record(tenant=tenant, actor=actor, action="allowed_phrase.delete", target=key, data=data)
