"""Drafts of a reply, and what they are made from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from chatbot.assistant import policy
from chatbot.assistant.answerer import Source
from chatbot.knowledge.addresses import article_url
from chatbot.knowledge.selectors import Found, search_passages
from chatbot.knowledge.words import language_of
from chatplatform.tenants.models import Tenant
from workbench.copilot.citations import cited, readable

OFFERED = 5  # passages that a model may draw on


class Origin(StrEnum):
    """Whose words a draft holds."""

    MODEL = "model"
    KNOWLEDGE = "knowledge"


@dataclass(frozen=True)
class Draft:
    text: str
    origin: Origin
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True)
class Findings:
    """Passages about a question, best first. `near` are those that seem to answer it; what the
    customer has been told already comes last.
    """

    passages: tuple[Source, ...] = field(default=())
    near: tuple[Source, ...] = field(default=())

    @property
    def draft(self) -> Draft | None:
        """The first that is near as it stands, the others as further sources; None without."""
        if not self.near:
            return None
        return Draft(self.near[0].quote, Origin.KNOWLEDGE, self.near)


def find(tenant: Tenant, question: str, *, language: str, said: Collection[str]) -> Findings:
    """What the knowledge has about a question; `said` are texts that the customer knows.

    Needs the tenant's scope.
    """
    if not question:
        return Findings()
    spoken = language_of(question, fallback=language)
    found = search_passages(tenant, question, language=spoken, limit=OFFERED)
    verdict = policy.judge(found, language=spoken)
    near = sorted(_near(found, verdict), key=lambda each: each.entry.text in said)
    return Findings(_sources(tenant, found), _sources(tenant, near))


def model_draft(text: str, passages: Sequence[Source]) -> Draft:
    """What a model wrote, with the passages it cites as its sources."""
    numbers = cited(text)
    sources = [each for number, each in enumerate(passages, start=1) if number in numbers]
    return Draft(readable(text), Origin.MODEL, tuple(sources))


def _near(found: list[Found], verdict: policy.Verdict) -> list[Found]:
    if verdict.passage is not None:
        return [verdict.passage]
    return [each for each in found if each.entry.title in verdict.topics]


def _sources(tenant: Tenant, found: Sequence[Found]) -> tuple[Source, ...]:
    return tuple(_source(tenant, each) for each in found)


def _source(tenant: Tenant, found: Found) -> Source:
    entry = found.entry
    return Source(
        article_id=entry.article_id,
        title=entry.title,
        heading=entry.heading,
        quote=entry.text,
        url=article_url(tenant.slug, entry.slug),
        passage_id=entry.passage_id,
        content_hash=entry.content_hash,
    )
