"""Words for a small shop, in Chinese and English: what it hides, and what a person should hear."""

from django.db import transaction

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.models import SensitiveWord
from chatbot.moderation.services import Draft, save_word
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

_TOPICS = {
    ("legal", Action.REVIEW): ("lawyer", "sue you", "take you to court", "律师", "起诉", "法院"),
    ("media", Action.REVIEW): ("journalist", "go to the press", "媒体曝光", "记者", "12315"),
    ("self-harm", Action.ALERT): ("kill myself", "suicide", "自杀", "不想活了"),
}
_INSULTS = ("idiot", "bastard", "傻逼", "混蛋")
_PROMISES = ("guaranteed cure", "100% safe", "包治百病", "绝对有效")


def demo_drafts() -> list[Draft]:
    """Sensitive topics in what customers write, insults in everything, promises of staff and AI."""
    customers, staff = frozenset({Speaker.CUSTOMER}), frozenset({Speaker.AGENT, Speaker.AI})
    topics = [
        Draft(word, category, action, customers)
        for (category, action), words in _TOPICS.items()
        for word in words
    ]
    insults = [Draft(word, "insult", Action.MASK) for word in _INSULTS]
    promises = [Draft(word, "promise", Action.BLOCK, staff) for word in _PROMISES]
    return topics + insults + promises


@transaction.atomic
def seed_demo_words(tenant: Tenant) -> int:
    """Add the demo words to a tenant that has none; how many."""
    with tenant_scope(tenant):
        drafts = [] if SensitiveWord.objects.exists() else demo_drafts()
        for draft in drafts:
            save_word(tenant=tenant, draft=draft)
    return len(drafts)
