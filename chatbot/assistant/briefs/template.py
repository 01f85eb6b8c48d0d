"""The brief that needs no model: by rule, from the conversation, always the same. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from chatbot.assistant.answerer import Outcome
from chatbot.assistant.briefs.facts import Fact, facts_in
from chatbot.assistant.briefs.story import Exchange, Story
from chatbot.assistant.briefs.words import CALLED, QUOTED
from chatbot.assistant.embedded import phrases
from chatbot.assistant.handover.moods import Mood, mood_of
from chatbot.tools.models import ToolCall

TRIED, SOURCES = 6, 5
_SHORT, _QUESTION = 60, 300  # characters

_OPEN = {"", Outcome.UNSURE, Outcome.UNKNOWN, Outcome.HANDOFF_OFFERED}


@dataclass(frozen=True)
class Content:
    """What a brief says; the fields of HandoffBrief under the same names."""

    goal: str
    facts: list[dict[str, object]] = field(default_factory=list)
    tried: Sequence[str | dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, str]] = field(default_factory=list)
    mood: str = Mood.CALM.value
    open_question: str = ""
    suggested_reply: str = ""


def written(story: Story, *, upset_from: int) -> Content:
    """The brief; `words` puts it into each reader's language. Its reply is in the customer's."""
    question = _open_question(story)
    facts = [each.data() for each in _facts(story)]
    answered = [each for each in story.exchanges[-TRIED:] if each.answer]
    tried = [*map(_attempt, answered), *map(_used, story.calls)]
    with translation.override(story.conversation.language):
        reply = _reply(story.conversation.customer.name, question or _goal(story))
    return Content(
        goal=_goal(story),
        facts=facts,
        tried=tried,
        sources=_sources(story),
        mood=_mood(story, upset_from).value,
        open_question=question,
        suggested_reply=reply,
    )


def _goal(story: Story) -> str:
    """What she came for: her first question; what she said with the wish for a person otherwise."""
    if story.exchanges:
        return _cut(story.exchanges[0].question.text, _QUESTION)
    reason = story.conversation.transfer_reason
    return "" if phrases.recognise(reason) else _cut(reason, _QUESTION)


def _open_question(story: Story) -> str:
    """The last question that got no answer."""
    unanswered = [each for each in story.exchanges if each.outcome in _OPEN]
    return _cut(unanswered[-1].question.text, _QUESTION) if unanswered else ""


def _facts(story: Story) -> list[Fact]:
    customer = story.conversation.customer
    given = [("name", customer.name), ("email", customer.email)]
    known = [Fact(label, value, confirmed=True) for label, value in given if value]
    return known + [fact for fact in facts_in(story.said) if fact not in known]


def _attempt(exchange: Exchange) -> dict[str, str]:
    step = {"what": exchange.outcome, "question": _cut(exchange.question.text, _SHORT)}
    if exchange.outcome == Outcome.ANSWERED and (sources := _of(exchange, "sources")):
        return {**step, "what": QUOTED, "source": str(sources[0].get("title", ""))}
    return step


def _used(call: ToolCall) -> dict[str, str]:
    return {"what": CALLED, "tool": call.title or call.tool_name, "status": call.status}


def _sources(story: Story) -> list[dict[str, str]]:
    found = {
        str(source.get("url", "")): str(source.get("title", ""))
        for exchange in story.exchanges
        for source in _of(exchange, "sources")
    }
    return [{"title": title, "url": url} for url, title in list(found.items())[-SOURCES:]]


def _of(exchange: Exchange, key: str) -> list[dict[str, object]]:
    listed = exchange.answer.data.get(key) if exchange.answer else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _mood(story: Story, upset_from: int) -> Mood:
    """The worst of her last three messages: anger does not end with a short "yes"."""
    order = list(Mood)
    heard = [mood_of(text, upset_from=upset_from) for text in story.said[-3:]]
    return max(heard, key=order.index, default=Mood.CALM)


def _reply(name: str, question: str) -> str:
    greeting = _("Hello %(name)s,") % {"name": name} if name else _("Hello,")
    if not question:
        offer = _("I have taken over from our assistant. How can I help you?")
        return f"{greeting} {offer}"
    about = _("I have read your conversation. It is about “%(question)s”; I'm looking into it now.")
    return f"{greeting} {about % {'question': _cut(question, _SHORT)}}"


def _cut(text: str, length: int) -> str:
    return Truncator(" ".join(text.split())).chars(length)
