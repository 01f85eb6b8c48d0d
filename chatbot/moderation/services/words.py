"""The tenant's list of words."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from chatbot.moderation.drafts import Draft, all_faults_of, fill
from chatbot.moderation.models import SensitiveWord
from chatbot.moderation.word_lists import renew
from chatplatform.audit import services as audit
from chatplatform.audit.actors import SYSTEM, Actor
from chatplatform.audit.changes import stored_values_of, values_of
from chatplatform.kernel.errors import InvalidInput
from chatplatform.tenants.models import Tenant

_FIELDS = [field for field in SensitiveWord._meta.concrete_fields if not field.primary_key]


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
    if faults := all_faults_of(word):
        raise InvalidInput(errors=faults)
    word.save()
    renew(tenant)
    action = "sensitive_word.change" if known else "sensitive_word.create"
    _record(word, action, actor, before)
    return word


def add_words(
    *, tenant: Tenant, words: Sequence[SensitiveWord], left_out: int = 0, actor: Actor = SYSTEM
) -> int:
    """Add many good words of a file, of which so many lines were left out; how many are new."""
    values = [_values(word) for word in words]
    with transaction.atomic():
        added = _insert(values)
        renew(tenant)
        audit.record(
            tenant=tenant,
            actor=actor,
            action="sensitive_word.import",
            target=tenant.slug,
            data={"added": added, "left_out": left_out},
        )
    return added


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


def _values(word: SensitiveWord) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(word, True), connection) for field in _FIELDS]


def _insert(rows: list[list[Any]]) -> int:
    """Those that nobody added meanwhile; how many. Not bulk_create, which takes ten times as long
    to write its SQL, while on SQLite everybody else who writes waits."""
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in _FIELDS)
    places = ", ".join(["%s"] * len(_FIELDS))
    table = name(SensitiveWord._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({columns}) VALUES ({places}) "  # noqa: S608 - our own names
            "ON CONFLICT DO NOTHING",
            rows,
        )
        return int(cursor.rowcount)


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
