"""Each tenant's passages as indexes in memory, kept fresh in every process."""

from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings

from chatbot.knowledge.embedders import store, texts
from chatbot.knowledge.embedders.choice import embedder_of
from chatbot.knowledge.meaning import Known, MeaningIndex, common_of_questions
from chatbot.knowledge.models import Edition, Passage
from chatbot.knowledge.retrieval import Document, KeywordIndex
from chatbot.knowledge.shelves import Catalogue, Entry, Shelf
from chatplatform.kernel.editions import Editions
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant

# Least recently asked go first. 5,000 passages take about 12 MB by words and 20 MB more by
# meaning, a small shop's hundred under one.
MAX_TENANTS = 64


def passages() -> list[Passage]:
    """What the tenant in scope has published, in order."""
    rows = Passage.objects.filter(article__published=True).select_related("article")
    return list(rows.order_by("article_id", "ordinal"))


def wanted(row: Passage) -> texts.Wanted:
    """What is embedded of a passage."""
    article = row.article
    return texts.wanted(article.title, article.wordings.splitlines(), row.heading, row.text)


def build(tenant: Tenant) -> Catalogue:
    """From what the database holds now, uncommitted or not."""
    embedder = embedder_of(tenant)
    model = embedder.model if embedder else ""
    with tenant_scope(tenant):
        rows = passages()
        known = store.stored(model) if model else {}
    return catalogue_of(rows, model, known)


def catalogue_of(rows: Sequence[Passage], model: str, known: Known) -> Catalogue:
    """Of these passages, whose articles are loaded, with what vectors there are by that model."""
    by_language: defaultdict[str, list[Passage]] = defaultdict(list)
    for row in rows:
        by_language[row.article.language].append(row)
    shelves = {language: _shelf(language, found, known) for language, found in by_language.items()}
    languages = {*dict(settings.LANGUAGES), *shelves}
    common = {language: common_of_questions(language, known) for language in languages}
    return Catalogue(shelves, model, common)


def _shelf(language: str, rows: list[Passage], known: Known) -> Shelf:
    meaning = MeaningIndex(language, [wanted(row) for row in rows], known) if known else None
    return Shelf(tuple(map(_entry, rows)), KeywordIndex(map(_document, rows)), meaning)


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
catalogues = Editions(Edition, build, most=MAX_TENANTS)
