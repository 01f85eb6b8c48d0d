from chatbot.knowledge.models import Article
from chatbot.knowledge.services import Draft, save_article
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


def write(
    tenant: Tenant,
    title: str = "How long does delivery take?",
    body: str = "Two to four working days.",
    *,
    language: str = "en",
    category: str = "",
    wordings: tuple[str, ...] = (),
    published: bool = True,
) -> Article:
    """An article of the tenant, written through the service."""
    draft = Draft(title, language, body, category, wordings, published=published)
    with tenant_scope(tenant):
        return save_article(tenant=tenant, draft=draft)
