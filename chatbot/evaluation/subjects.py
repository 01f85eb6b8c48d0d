"""A tenant's knowledge as it is asked: as published, or as it would be."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from chatbot.evaluation.measures import Question
from chatbot.evaluation.models import Case, QuestionSet
from chatbot.evaluation.ways import Embed
from chatbot.knowledge.embedders import store
from chatbot.knowledge.embedders.choice import embedder_of, patience
from chatbot.knowledge.embedders.desk import desk
from chatbot.knowledge.embedders.embedding import Embedder, NotEmbedded
from chatbot.knowledge.index import catalogue_of, catalogues, wanted
from chatbot.knowledge.indexing import embedded
from chatbot.knowledge.meaning import Known
from chatbot.knowledge.models import Passage
from chatbot.knowledge.retrieval import Document
from chatbot.knowledge.shelves import Catalogue
from chatplatform.tenants.models import Tenant

MOST_NEW_TEXTS = 200  # a few seconds by the offline model


@dataclass(frozen=True)
class Subject:
    """What is asked. `model` is what finds by meaning, "" where words alone do."""

    catalogue: Catalogue
    embed: Embed | None
    model: str = ""

    @property
    def documents(self) -> list[tuple[str, str, Document]]:
        """Passages as the baseline reads them: (address, language, document)."""
        return [
            (entry.slug, language, Document(entry.title, f"{entry.heading}\n{entry.text}"))
            for language, shelf in self.catalogue.shelves.items()
            for entry in shelf.entries
        ]


def knowledge_of(tenant: Tenant) -> Subject:
    """What the tenant in scope has published."""
    return _asked_by_meaning(catalogues.current(tenant), tenant)


def knowledge_with(tenant: Tenant, rows: Sequence[Passage]) -> Subject:
    """What it would be with these passages. What has no vector yet gets one for the moment."""
    embedder = embedder_of(tenant)
    known = dict(store.stored(embedder.model)) if embedder else {}
    if embedder and known:
        known |= _vectors(embedder, rows, known)
    return _asked_by_meaning(catalogue_of(rows, embedder.model if embedder else "", known), tenant)


def _asked_by_meaning(catalogue: Catalogue, tenant: Tenant) -> Subject:
    embedder = embedder_of(tenant)
    if embedder is None or embedder.model != catalogue.model:
        return Subject(catalogue, None)
    limit = patience(tenant)
    return Subject(
        catalogue, lambda text: desk.vector(embedder, text, patience=limit), embedder.model
    )


def _vectors(embedder: Embedder, rows: Sequence[Passage], known: Known) -> Known:
    """Of the texts that have none; so many that they would take long go without, as they would for
    a while if they were published."""
    needed = {text.key: text for row in rows for text in wanted(row).texts()}
    missing = [text for key, text in needed.items() if key not in known]
    if len(missing) > MOST_NEW_TEXTS:
        return {}
    try:
        return embedded(embedder, missing)
    except NotEmbedded:
        return {}


def questions_of(question_set: QuestionSet) -> list[Question]:
    """Its cases."""
    cases = Case.objects.filter(question_set=question_set).select_related("expected")
    return [
        Question(
            text=case.question,
            language=case.language or settings.LANGUAGE_CODE,
            expected=case.expected.slug if case.expected else None,
            key=str(case.pk),
        )
        for case in cases.order_by("pk")
    ]
