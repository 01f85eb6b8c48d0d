"""The knowledge base of a small shop, in Chinese and English."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from chatbot.knowledge.models import Article
from chatbot.knowledge.services import Draft, save_article
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

_TEXTS = Path(__file__).with_name("demo_texts")
_LANGUAGES = ("en", "zh-hans")


def demo_drafts() -> list[Draft]:
    """Every demo article. In a file: `# title`, `slug:`, `category:`, `asked:` lines, the text."""
    return [draft for language in _LANGUAGES for draft in _read(language)]


@transaction.atomic
def seed_demo_articles(tenant: Tenant) -> int:
    """Write the demo articles that the tenant lacks; how many those were. Edited ones stay."""
    with tenant_scope(tenant):
        present = set(Article.objects.values_list("slug", flat=True))
        missing = [draft for draft in demo_drafts() if draft.slug not in present]
        for draft in missing:
            save_article(tenant=tenant, draft=draft)
    return len(missing)


def _read(language: str) -> Iterator[Draft]:
    text = (_TEXTS / f"{language}.md").read_text(encoding="utf-8")
    for block in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n\n")
        title, *lines = head.splitlines()
        fields = [line.split(": ", 1) for line in lines]
        yield Draft(
            title=title,
            language=language,
            body=body.strip(),
            category=next(value for name, value in fields if name == "category"),
            slug=next(value for name, value in fields if name == "slug"),
            wordings=tuple(value for name, value in fields if name == "asked"),
        )
