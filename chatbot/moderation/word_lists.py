"""Each tenant's matcher in memory; asked for with every message, so no query is made for it."""

from django.db import transaction

from chatbot.moderation.matcher import Matcher, Word
from chatbot.moderation.models import AllowedPhrase, Edition, SensitiveWord
from chatplatform.kernel.editions import Editions
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# A hundred words take some 100 kB, 20,000 about 20 MB.
MAX_TENANTS = 256


def _build(tenant: Tenant) -> Matcher:
    with tenant_scope(tenant):
        rows = list(SensitiveWord.objects.filter(enabled=True))
        phrases = list(AllowedPhrase.objects.values_list("phrase", flat=True))
    return Matcher((_word(row) for row in rows), phrases)


def _word(row: SensitiveWord) -> Word:
    return Word(row.word, row.category, row.action, frozenset(row.speakers))


matchers = Editions(Edition, _build, most=MAX_TENANTS)


def renew(tenant: Tenant) -> None:
    """In the transaction that changes the tenant's words: look for the new ones from now on."""
    Edition.renew(tenant)
    matchers.forget([tenant.pk])
    # Another request may have built them meanwhile, of what was there before.
    transaction.on_commit(lambda: matchers.forget([tenant.pk]), robust=True)
