"""What a model is sent for a question: everything within a budget of tokens, the rest left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chatbot.assistant.answerer import Outcome, Question
from chatbot.assistant.dialogue.turns import QUOTED, History, Turn, history_of
from chatbot.assistant.embedded import policy
from chatbot.assistant.guardrails.addresses import emails_in, given_in
from chatbot.assistant.guardrails.fencing import Fence
from chatbot.assistant.prompts.models import Prompt, Summary
from chatbot.assistant.prompts.rules import system_prompt
from chatbot.assistant.prompts.selectors import instructions_in, published_prompt
from chatbot.assistant.providers.outgoing import AS_IT_IS
from chatbot.assistant.providers.tokens import cut, estimate, estimate_messages
from chatbot.knowledge.selectors import Found, search_passages
from chatbot.knowledge.words import is_pair, language_of, words
from chatbot.moderation.personal_data import mask

MOST_PASSAGES = 5
LONGEST_QUESTION = 1_500  # tokens
FEW_WORDS = {"en": 2, "zh-hans": 4}  # characters in Chinese
# Shares of what is left when rules and question are in.
PASSAGES_SHARE = 0.5
SUMMARY_SHARE = 0.2
_KINDS = {
    "customer": "customer",
    "agent": "colleague, a person, to the customer",
    QUOTED: "told to the customer, from an article or a function",
}

Message = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """`messages` to be sent. `passages` are numbered from 1 in them; `is_covered` says whether they
    are about the question. `left_out` are the older turns that neither fit nor are summarised.
    `given` are the web and e-mail addresses that an answer may name."""

    messages: list[Message]
    passages: tuple[Found, ...]
    is_covered: bool
    left_out: tuple[Turn, ...]
    language: str
    fence: Fence
    given: frozenset[str] = frozenset()

    @property
    def instructions(self) -> str:
        """The system's message: nobody's business but the model's."""
        return str(self.messages[0]["content"])


def build(
    question: Question,
    *,
    budget: int,
    tools: Sequence[Any] = (),
    prompt: Prompt | None = None,
) -> Context:
    """The context of a question in `budget` tokens; in the tenant's scope, off the event loop.

    `prompt` is what to try instead of the published one.
    """
    return _Builder(question, budget, tools, prompt).build()


class _Builder:
    def __init__(
        self, question: Question, budget: int, tools: Sequence[Any], prompt: Prompt | None
    ) -> None:
        self.question = question
        self.fence = Fence()
        self.language = language_of(question.text, fallback=question.language)
        self.prompt = prompt or published_prompt(question.tenant)
        self.history = self._history()
        self.turns = list(self.history.turns)
        self.left = budget - estimate_messages([], tools)

    def build(self) -> Context:
        system = self._take({"role": "system", "content": self._system()})
        asked = self._take(
            {"role": "user", "content": self._fenced("customer", self._question_text())}
        )
        found = self._found()
        passages, told = self._passages(found)
        about = self._about()
        turns, left_out = self._latest_turns()
        return Context(
            messages=_alternating([system, *about, *turns, *told, asked]),
            passages=passages,
            is_covered=self._is_about(found),
            left_out=left_out,
            language=self.language,
            fence=self.fence,
            given=self._given(system, passages),
        )

    def _given(self, system: Message, passages: tuple[Found, ...]) -> frozenset[str]:
        """The addresses in what we, articles, tools and colleagues say, and her own e-mail's."""
        said = [turn.text for turn in self.history.turns if turn.speaker != "customer"]
        hers = [turn.text for turn in self.history.turns if turn.speaker == "customer"]
        conversation = self.question.conversation
        hers += [self.question.text, conversation.customer.email if conversation else ""]
        texts = [system["content"], *(passage.entry.text for passage in passages), *said]
        return given_in(texts) | emails_in(hers)

    def _system(self) -> str:
        policy_of_language = self.prompt.language
        language = self.language if policy_of_language == "customer" else policy_of_language
        return system_prompt(
            shop=self.question.tenant.name,
            instructions=instructions_in(self.prompt, language),
            tone=self.prompt.tone,
            policy=policy_of_language,
            language=language,
            mark=self.fence.mark,
        )

    def _history(self) -> History:
        conversation = self.question.conversation
        return history_of(conversation, self.question.run) if conversation else History()

    def _question_text(self) -> str:
        return cut(self.question.text, LONGEST_QUESTION)

    def _found(self) -> list[Found]:
        """What the knowledge has; a question that says too little is read with the one before."""
        found = self._search(self.question.text)
        before = next((turn.text for turn in self.turns[::-1] if turn.speaker == "customer"), "")
        if not before or not self._says_little() or self._is_about(found):
            return found
        return self._search(f"{before}\n{self.question.text}") or found

    def _says_little(self) -> bool:
        """ "And to Austria?": a question of its own about something else is left alone."""
        said = [word for word in words(self.question.text) if not is_pair(word)]
        return len(said) <= FEW_WORDS[self.language]

    def _is_about(self, found: list[Found]) -> bool:
        return policy.judge(found, language=self.language).outcome is not Outcome.UNKNOWN

    def _search(self, text: str) -> list[Found]:
        tenant = self.question.tenant
        return search_passages(tenant, text, language=self.language, limit=MOST_PASSAGES)

    def _passages(self, found: list[Found]) -> tuple[tuple[Found, ...], list[Message]]:
        """The best that fit, numbered; at least a piece of the first."""
        budget = int(self.left * PASSAGES_SHARE)
        kept: list[Found] = []
        parts: list[str] = []
        for number, passage in enumerate(found, start=1):
            entry = passage.entry
            head = f"[{number}] {' › '.join(filter(None, (entry.title, entry.heading)))}"
            text = cut(entry.text, budget - estimate(head))
            if not text or (kept and text != entry.text):
                break
            kept.append(passage)
            parts.append(f"{head}\n{text}")
            budget -= estimate(parts[-1])
        if not parts:
            return (), []
        content = self.fence.around("passages", "\n\n".join(parts))
        return tuple(kept), [self._take({"role": "user", "content": content})]

    def _about(self) -> list[Message]:
        """The customer's name, and what was said before the turns that still are there."""
        conversation = self.question.conversation
        if conversation is None:
            return []
        parts = []
        if name := conversation.customer.name:
            parts.append(self._fenced("customer's name", name))
        if summary := self._summary():
            text = cut(summary.text, int(self.left * SUMMARY_SHARE))
            parts.append(self._fenced("summary of what was said before", text))
            self.turns = [turn for turn in self.turns if turn.message > summary.upto]
        return [self._take({"role": "user", "content": "\n".join(parts)})] if parts else []

    def _summary(self) -> Summary | None:
        """If it is of this matter, not of one before the conversation was closed."""
        found: Summary | None = Summary.objects.filter(
            conversation=self.question.conversation, upto__gt=self.history.since
        ).first()
        return found

    def _latest_turns(self) -> tuple[list[Message], tuple[Turn, ...]]:
        """The newest that fit, in order, and the older ones."""
        kept: list[Message] = []
        for place in range(len(self.turns) - 1, -1, -1):
            message = self._said(self.turns[place])
            if estimate_messages([message]) > self.left:
                return kept[::-1], tuple(self.turns[: place + 1])
            kept.append(self._take(message))
        return kept[::-1], ()

    def _said(self, turn: Turn) -> Message:
        """What the model said itself as its own; what anybody else wrote as data."""
        if kind := _KINDS.get(turn.speaker):
            return {"role": "user", "content": self._fenced(kind, turn.text)}
        return {"role": "assistant", "content": mask(turn.text)}

    def _fenced(self, kind: str, text: str) -> str:
        return self.fence.around(kind, mask(text))

    def _take(self, message: Message) -> Message:
        self.left -= estimate_messages([message])
        return message


def _alternating(messages: list[Message]) -> list[Message]:
    """Neighbours of one role as one message: some models' templates refuse anything else."""
    joined: list[Message] = []
    for message in messages:
        if joined and joined[-1]["role"] == message["role"]:
            joined[-1]["content"] += f"\n\n{message['content']}"
        else:
            joined.append({**message, AS_IT_IS: True})
    return joined
