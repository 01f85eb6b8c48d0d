"""The answerer that needs no key and no network: it finds a passage that answers and quotes it."""

from django.utils import translation

from chatbot.assistant import sentences
from chatbot.assistant.answerer import Answer, Outcome, Question, Source
from chatbot.assistant.embedded import phrases, policy, tool_use
from chatbot.assistant.embedded.phrases import Phrase
from chatbot.assistant.embedded.tool_use import Wish
from chatbot.knowledge.addresses import article_url
from chatbot.knowledge.selectors import Found, search_passages, starter_topics
from chatbot.knowledge.words import language_of
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants.models import Tenant


def found_for(question: Question) -> Answer | Wish:
    """The answer in the question's language, or the tool that gives it; off the event loop."""
    wish = tool_use.wish_of(question)
    if wish and wish.is_clear:
        return wish
    answer = answer_from_knowledge(question)
    is_unanswered = answer.outcome in (Outcome.UNSURE, Outcome.UNKNOWN)
    return wish if wish and is_unanswered else answer


async def given(found: Answer | Wish, question: Question) -> Answer:
    """The answer that was found, with the tool used if it takes one."""
    return found if isinstance(found, Answer) else await tool_use.fulfil(found, question)


def answer_from_knowledge(question: Question) -> Answer:
    """The answer by rules and keywords alone: small talk, a quoted passage, topics, or no idea."""
    language = language_of(question.text, fallback=question.language)
    phrase = phrases.recognise(question.text)
    with tenant_scope(question.tenant), translation.override(language):
        if phrase is Phrase.PERSON:
            return Answer("", Outcome.HANDOFF_REQUESTED)
        if phrase is not None:
            return _small_talk(phrase, question.tenant, language)
        found = search_passages(question.tenant, question.text, language=language)
        return _from_verdict(policy.judge(found, language=language), question.tenant)


def _small_talk(phrase: Phrase, tenant: Tenant, language: str) -> Answer:
    if phrase is Phrase.GREETING:
        topics = tuple(starter_topics(tenant, language=language))
        return Answer(sentences.greeting(), Outcome.GREETING, suggestions=topics)
    text = sentences.thanks() if phrase is Phrase.THANKS else sentences.goodbye()
    return Answer(text, Outcome.GREETING)


def _from_verdict(verdict: policy.Verdict, tenant: Tenant) -> Answer:
    if verdict.passage is not None:
        source = source_of(verdict.passage, tenant)
        return Answer(source.quote, Outcome.ANSWERED, sources=(source,))
    suggestions = (*verdict.topics, sentences.talk_to_a_person())
    text = sentences.unsure() if verdict.topics else sentences.unknown()
    return Answer(text, verdict.outcome, suggestions=suggestions)


def source_of(found: Found, tenant: Tenant) -> Source:
    """What an answer points to for a passage."""
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
