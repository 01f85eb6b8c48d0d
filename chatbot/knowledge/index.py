"""Each tenant's passages as indexes in memory, kept fresh in every process."""

from collections import defaultdict
from dataclasses import dataclass

from chatbot.knowledge.models import Edition, Passage
from chatbot.knowledge.retrieval import Document, KeywordIndex
from chatplatform.kernel.editions import Editions
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# Least recently asked go first. 5,000 passages take about 12 MB, a small shop's hundred under one.
MAX_TENANTS = 64


@dataclass(frozen=True)
class Entry:
    """A published passage as an answer needs it."""

    passage_id: int
    article_id: int
    title: str
    category: str
    slug: str
    language: str
    heading: str
    text: str
    content_hash: str


@dataclass(frozen=True)
class Shelf:
    """Entries, and an index whose document numbers are their places."""

    entries: tuple[Entry, ...]
    index: KeywordIndex


@dataclass(frozen=True)
class Catalogue:
    """All that a tenant has published, by language."""

    shelves: dict[str, Shelf]
    everything: Shelf

    def shelf(self, language: str) -> Shelf:
        """What is written in that language, or everything if nothing is."""
        return self.shelves.get(language, self.everything)


def _build(tenant: Tenant) -> Catalogue:
    with tenant_scope(tenant):
        rows = list(
            Passage.objects.filter(article__published=True)
            .select_related("article")
            .order_by("article_id", "ordinal")
        )
    by_language: defaultdict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        by_language[row.article.language].append(row)
    shelves = {language: _shelf(found) for language, found in by_language.items()}
    everything = next(iter(shelves.values())) if len(shelves) == 1 else _shelf(rows)
    return Catalogue(shelves, everything)


def _shelf(rows: list[Passage]) -> Shelf:
    return Shelf(tuple(map(_entry, rows)), KeywordIndex(map(_document, rows)))


def _entry(row: Passage) -> Entry:
    article = row.article
    return Entry(
        passage_id=row.pk,
        article_id=article.pk,
        title=article.title,
        category=article.category,
        slug=article.slug,
        language=article.language,
        heading=row.heading,
        text=row.text,
        content_hash=row.content_hash,
    )


def _document(row: Passage) -> Document:
    return Document(
        title=row.article.title,
        text=f"{row.heading}\n{row.text}",
        wordings=row.article.wordings.splitlines(),
    )


# One catalogue per tenant; a search costs one primary-key read to see that it is current.
catalogues = Editions(Edition, _build, most=MAX_TENANTS)
