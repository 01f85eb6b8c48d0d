"""Drafts of a reply, and what they are made from."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from chatbot.assistant.answerer import Source
from chatbot.assistant.dialogue.citations import cited, taken_from
from chatbot.assistant.embedded import policy
from chatbot.assistant.embedded.answerer import source_of
from chatbot.knowledge.selectors import Found, search_passages
from chatbot.knowledge.words import language_of
from chatplatform.tenants.models import Tenant
from workbench.copilot.citations import readable

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

    passages: tuple[Found, ...] = ()
    near: tuple[Found, ...] = ()


def find(tenant: Tenant, question: str, *, language: str, said: Collection[str]) -> Findings:
    """What the knowledge has about a question; `said` are texts that the customer knows.

    Needs the tenant's scope.
    """
    if not question:
        return Findings()
    spoken = language_of(question, fallback=language)
    found = search_passages(tenant, question, language=spoken, limit=OFFERED)
    near = _near(found, policy.judge(found, language=spoken))
    return Findings(tuple(found), tuple(sorted(near, key=lambda each: each.entry.text in said)))


def knowledge_draft(findings: Findings, tenant: Tenant) -> Draft | None:
    """The first that is near as it stands, the others as further sources; None without."""
    sources = _sources(findings.near, tenant)
    return Draft(sources[0].quote, Origin.KNOWLEDGE, sources) if sources else None


def model_draft(text: str, findings: Findings, tenant: Tenant) -> Draft:
    """What a model wrote, with the passages it stands on as its sources."""
    told, found = cited(text, findings.passages)
    plain = readable(told)
    if not found and (one := taken_from(plain, findings.passages)):
        found = (one,)
    return Draft(plain, Origin.MODEL, _sources(found, tenant))


def _near(found: list[Found], verdict: policy.Verdict) -> list[Found]:
    if verdict.passage is not None:
        return [verdict.passage]
    return [each for each in found if each.entry.title in verdict.topics]


def _sources(found: Collection[Found], tenant: Tenant) -> tuple[Source, ...]:
    return tuple(source_of(each, tenant) for each in found)
