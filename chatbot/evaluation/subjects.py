"""A tenant's knowledge as it is asked: what is published, the current transaction's included."""

from dataclasses import dataclass

from django.conf import settings

from chatbot.evaluation.measures import Question
from chatbot.evaluation.models import Case, QuestionSet
from chatbot.evaluation.ways import Embed
from chatbot.knowledge.embedders.choice import embedder_of, patience
from chatbot.knowledge.embedders.desk import desk
from chatbot.knowledge.index import build
from chatbot.knowledge.retrieval import Document
from chatbot.knowledge.shelves import Catalogue
from chatplatform.tenants.models import Tenant


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
    """What the tenant in scope has published, as the database says now, uncommitted or not."""
    catalogue = build(tenant)
    embedder = embedder_of(tenant)
    if embedder is None or embedder.model != catalogue.model:
        return Subject(catalogue, None)
    limit = patience(tenant)
    return Subject(
        catalogue, lambda text: desk.vector(embedder, text, patience=limit), embedder.model
    )


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
