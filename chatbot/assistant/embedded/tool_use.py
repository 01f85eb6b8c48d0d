"""Tools without a model: found by how customers ask for them, filled from what they write.

An argument is taken from the text by its schema's `pattern` or `enum`. What is missing is asked
for; the question carries what is known, so that the next message may answer it.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation

from chatbot.assistant import sentences
from chatbot.assistant.answerer import Answer, Delta, Outcome, Question
from chatbot.assistant.embedded import phrases
from chatbot.assistant.threads import in_thread
from chatbot.conversations.models import AuthorKind, Message
from chatbot.knowledge.words import language_of, words
from chatbot.tools import registry
from chatbot.tools.calling.caller import read_fillings
from chatbot.tools.models import Tool
from chatbot.tools.schemas import patterns
from chatbot.tools.schemas.checking import without
from chatbot.tools.telling.answers import told
from chatbot.tools.toolbox import Toolbox
from chatplatform.kernel.scoping import tenant_scope

# How much a message must have in common with an example wording: little if it names what the tool
# needs to know, most of it if it doesn't. Chosen on the demo's wordings and its questions.
ALIKE = 0.6
ALMOST_THE_SAME = 0.75


@dataclass(frozen=True)
class Wish:
    """A tool that a message asks for, which answers it. `is_clear`: it names something that only
    the tool needs."""

    tool: Tool
    arguments: dict[str, Any]
    missing: tuple[str, ...]
    is_clear: bool

    async def answer(self, question: Question) -> AsyncIterator[Delta | Answer]:
        yield await fulfil(self, question)


def wish_of(question: Question) -> Wish | None:
    """The tool that the message asks for, or goes on about; two queries."""
    if question.conversation is None or phrases.recognise(question.text) is not None:
        return None
    worded = Toolbox(question.conversation).worded_tools()
    tools = [tool for tool in worded if tool.wordings.strip()]
    if not tools:
        return None
    with tenant_scope(question.tenant):
        going_on, new = _continued(question, tools), _best(question.text, tools)
    same = new is None or (going_on is not None and going_on.tool == new.tool)
    return going_on if same else new


async def fulfil(wish: Wish, question: Question) -> Answer:
    """Ask for what is missing, or use the tool and tell what it gave."""
    language = language_of(question.text, fallback=question.language)
    if wish.missing:
        with translation.override(language):
            return asking(wish)
    assert question.conversation is not None  # noqa: S101 - a wish has one
    result = await Toolbox(question.conversation).call(
        wish.tool.name, json.dumps(wish.arguments), run=question.run, step=0
    )
    with translation.override(language):
        if result.status == "ok":
            answer = await in_thread(told, wish.tool, result.value, language)
            return Answer(answer, Outcome.ANSWERED)
        return _answers_to(result.status)


def asking(wish: Wish) -> Answer:
    """The question for the first thing that is missing, in the active language."""
    name = wish.missing[0]
    known = registry.built_in(wish.tool.remote.get("name", ""))
    text = (known.asks or {}).get(name) if known else None
    title = _properties(wish.tool)[name].get("title") or name.replace("_", " ")
    asks = {"tool": wish.tool.name, "argument": name, "known": wish.arguments}
    return Answer(str(text or sentences.which(title)), Outcome.ANSWERED, asks=asks)


def _answers_to(status: str) -> Answer:
    if waiting := sentences.awaiting(status):
        return Answer(waiting, Outcome.ANSWERED)
    offer = (sentences.talk_to_a_person(),)
    return Answer(sentences.tool_failed(), Outcome.UNKNOWN, suggestions=offer)


def _continued(question: Question, tools: list[Tool]) -> Wish | None:
    """The answer to what we asked for last, if it is one."""
    said = Message.objects.filter(
        conversation=question.conversation, author_kind=AuthorKind.AI
    ).order_by("-pk")
    last = said.values_list("data", flat=True).first() or {}
    asked = last.get("asks") or {}
    tool = next((each for each in tools if each.name == asked.get("tool")), None)
    if tool is None:
        return None
    name, known = asked["argument"], asked["known"]
    found = _taken(question.text, tool)
    if name not in found and not _is_takeable(_properties(tool).get(name, {})):
        found[name] = question.text.strip()  # whatever she writes is the answer
    if name not in found:
        return None
    return _wish(tool, {**found, **known}, is_clear=True)  # an address holds numbers too


def _best(text: str, tools: list[Tool]) -> Wish | None:
    alike, tool = max(((_likeness(text, each), each) for each in tools), key=lambda pair: pair[0])
    found = _taken(text, tool)
    if alike < (ALIKE if found else ALMOST_THE_SAME):
        return None
    return _wish(tool, found, is_clear=bool(found) or not _required(tool))


def _wish(tool: Tool, arguments: dict[str, Any], *, is_clear: bool) -> Wish:
    missing = tuple(name for name in _required(tool) if name not in arguments)
    return Wish(tool, arguments, missing, is_clear)


def _likeness(text: str, tool: Tool) -> float:
    """0..1: how much of both a message and the nearest wording is in the other."""
    said = _bare(text)
    return max(_shared(said, _bare_wording(line)) for line in tool.wordings.splitlines())


def _shared(said: frozenset[str], wording: frozenset[str]) -> float:
    return 2 * len(said & wording) / (len(said) + len(wording)) if said and wording else 0.0


@lru_cache(maxsize=2_000)
def _bare_wording(line: str) -> frozenset[str]:
    """Wordings are compared with every message; what customers write is not kept."""
    return _bare(line)


def _bare(text: str) -> frozenset[str]:
    """Its words without numbers and codes: those are arguments."""
    return frozenset(word for word in words(text) if not any(letter.isdigit() for letter in word))


def _taken(text: str, tool: Tool) -> dict[str, Any]:
    values = {name: _value(text, schema) for name, schema in _properties(tool).items()}
    return {name: value for name, value in values.items() if value is not None}


def _value(text: str, schema: dict[str, Any]) -> str | None:
    for choice in schema.get("enum", []):
        if isinstance(choice, str) and choice.lower() in text.lower():
            return choice
    pattern = schema.get("pattern")
    return patterns.found(pattern, text) if isinstance(pattern, str) else None


def _is_takeable(schema: dict[str, Any]) -> bool:
    return "pattern" in schema or "enum" in schema


def _properties(tool: Tool) -> dict[str, dict[str, Any]]:
    """Its arguments by name, without those that only we fill in."""
    found: dict[str, dict[str, Any]] = _schema(tool).get("properties", {})
    return found


def _required(tool: Tool) -> list[str]:
    return list(_schema(tool).get("required", []))


def _schema(tool: Tool) -> dict[str, Any]:
    return without(tool.input_schema, {each.name for each in read_fillings(tool.identity)})
