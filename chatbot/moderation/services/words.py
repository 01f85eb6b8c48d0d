"""The tenant's list of words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.matcher import needle
from chatbot.moderation.models import LONGEST_WORD, SensitiveWord
from chatbot.moderation.normal_form import joins
from chatbot.moderation.word_lists import renew
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.kernel.input_errors import FieldError, field_error
from chatplatform.tenants.models import Tenant


@dataclass(frozen=True)
class Draft:
    """A word as somebody enters it."""

    word: str
    category: str = "other"
    action: Action = Action.MASK
    speakers: frozenset[Speaker] = frozenset(Speaker)
    enabled: bool = True
    note: str = ""


@transaction.atomic
def save_word(
    *, tenant: Tenant, draft: Draft, word: SensitiveWord | None = None, actor: Actor = SYSTEM
) -> SensitiveWord:
    """Add a word to the tenant's list, or change `word`.

    InvalidInput for one that could not be found in a text, would be found in nearly every one, or
    is on the list already.
    """
    word = word or SensitiveWord()
    before, known = stored_values_of(word), word.pk is not None
    word.tenant = tenant
    fill(word, draft)
    if faults := [*faults_of(word), *_taken(word)]:
        raise InvalidInput(errors=faults)
    word.save()
    renew(tenant)
    action = "sensitive_word.change" if known else "sensitive_word.create"
    _record(word, action, actor, before)
    return word


@transaction.atomic
def enable_words(*, words: Sequence[SensitiveWord], enabled: bool, actor: Actor = SYSTEM) -> int:
    """Look for these words again, or no longer; how many that changed."""
    changed = [word for word in words if word.enabled != enabled]
    for word in changed:
        before = values_of(word)
        word.enabled = enabled
        word.save(update_fields=["enabled", "updated_at"])
        _record(word, "sensitive_word.change", actor, before)
    for tenant in {word.tenant for word in changed}:
        renew(tenant)
    return len(changed)


@transaction.atomic
def delete_word(*, word: SensitiveWord, actor: Actor = SYSTEM) -> None:
    """Take it off the list; its hits stay."""
    tenant, key, data = word.tenant, str(word.pk), {"word": word.word}
    word.delete()
    renew(tenant)
    audit.record(tenant=tenant, actor=actor, action="sensitive_word.delete", target=key, data=data)


def fill(word: SensitiveWord, draft: Draft) -> None:
    """Put what was entered into the row."""
    word.word = " ".join(draft.word.split())
    word.normal = needle(word.word)[0]
    word.category = " ".join(draft.category.split()).lower() or "other"
    word.action, word.enabled, word.note = draft.action, draft.enabled, draft.note.strip()
    word.for_customers = Speaker.CUSTOMER in draft.speakers
    word.for_agents = Speaker.AGENT in draft.speakers
    word.for_ai = Speaker.AI in draft.speakers


def faults_of(word: SensitiveWord) -> list[FieldError]:
    """What is wrong with a row, whatever else is on the list."""
    limits = {"word": LONGEST_WORD, "category": 40, "note": 200}
    faults = [
        field_error(field, "string_too_long", max_length=limit)
        for field, limit in limits.items()
        if len(getattr(word, field)) > limit
    ]
    if not word.word:
        faults.append(field_error("word", "text_blank"))
    elif not word.normal:
        faults.append(_fault("word", "word_of_signs", _("It holds no letter and no digit.")))
    elif len(word.normal) > LONGEST_WORD:
        faults.append(field_error("word", "string_too_long", max_length=LONGEST_WORD))
    elif len(word.normal) == 1 and joins(word.normal):
        told = _("One letter or digit is too little: signs around it do not count.")
        faults.append(_fault("word", "word_too_short", told))
    if not word.speakers:
        told = _("Choose at least one: customers, agents or the AI.")
        faults.append(_fault("applies_to", "nobody", told))
    return faults


def _taken(word: SensitiveWord) -> list[FieldError]:
    same = SensitiveWord.objects.filter(tenant=word.tenant, normal=word.normal)
    found = same.exclude(pk=word.pk).first()
    if found is None:
        return []
    told = _('"%(word)s" is on the list already and is found alike.') % {"word": found.word}
    return [_fault("word", "word_known", told)]


def _fault(field: str, code: str, message: str) -> FieldError:
    return {"field": field, "code": code, "message": message}


def _record(word: SensitiveWord, action: str, actor: Actor, before: dict[str, object]) -> None:
    audit.record(
        tenant=word.tenant,
        actor=actor,
        action=action,
        target=word,
        before=before,
        after=values_of(word),
        data={"word": word.word},
    )
