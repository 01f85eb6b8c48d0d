from urllib.parse import quote

from django.conf import settings


def article_url(tenant_slug: str, slug: str) -> str:
    """The public address of an article: whole, as it is opened from shops and from the console."""
    return f"{settings.CHATBOT_URL}/help/{quote(tenant_slug)}/{quote(slug)}"
