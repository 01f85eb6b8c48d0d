from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.models import SensitiveWord
from chatbot.moderation.services import Draft, save_word
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

EVERYONE = frozenset(Speaker)


def listed(
    tenant: Tenant,
    word: str,
    action: Action = Action.MASK,
    *,
    category: str = "other",
    speakers: frozenset[Speaker] = EVERYONE,
) -> SensitiveWord:
    """A word on the tenant's list."""
    with tenant_scope(tenant):
        return save_word(tenant=tenant, draft=Draft(word, category, action, speakers))
