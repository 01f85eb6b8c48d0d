"""Why a customer is handed over to a person: every rule, and the one place that decides. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from chatbot.assistant.answerer import Answer, Outcome, Trigger
from chatbot.assistant.embedded import phrases
from chatbot.assistant.embedded.phrases import Phrase
from chatbot.assistant.runtime_settings import HandoffSettings

UNANSWERED = (Outcome.UNSURE, Outcome.UNKNOWN)


@dataclass(frozen=True)
class Situation:
    """A question and what came before it, since the AI last got the conversation.

    `turns` are the answers given, `unanswered` the questions in a row that got none; `topics` are
    the sensitive ones of the message, `intensity` how upset it sounds (moods.intensity).
    """

    text: str
    turns: int = 0
    unanswered: int = 0
    topics: frozenset[str] = frozenset()
    intensity: int = 0
    approval: bool = False


@dataclass(frozen=True)
class Decision:
    """Fetch a person for this reason, or only offer one."""

    trigger: Trigger
    hands_over: bool


def decide(
    situation: Situation, rules: HandoffSettings, answer: Answer | None = None
) -> Decision | None:
    """Before there is an answer, and again once there is one; None for nothing to do."""
    decisions = [
        Decision(trigger, hands_over=reaction == "handover")
        for trigger in fired(situation, rules, answer)
        if (reaction := reaction_to(trigger, rules)) != "off"
    ]
    return next((made for made in decisions if made.hands_over), next(iter(decisions), None))


def reaction_to(trigger: Trigger, rules: HandoffSettings) -> str:
    """What the tenant wants for that reason: handover, offer or off."""
    return str(getattr(rules, trigger.value))


def fired(situation: Situation, rules: HandoffSettings, answer: Answer | None) -> Iterator[Trigger]:
    """The reasons there are, whatever is done about them; the weightiest first."""
    phrase = phrases.recognise(situation.text)
    if phrase is Phrase.PERSON:
        yield Trigger.ASKED
    if answer is not None and answer.outcome is Outcome.HANDOFF_REQUESTED:
        yield answer.trigger or Trigger.ASKED
    if situation.approval:
        yield Trigger.APPROVAL
    if situation.topics:
        yield Trigger.TOPIC
    if situation.intensity >= rules.mood_threshold:
        yield Trigger.MOOD
    if _goes_unanswered(situation, rules, answer):
        yield Trigger.UNSURE
    if situation.turns >= rules.turn_limit and phrase is None:  # a thank-you is no further turn
        yield Trigger.TURNS


def _goes_unanswered(situation: Situation, rules: HandoffSettings, answer: Answer | None) -> bool:
    if answer is None or answer.outcome not in UNANSWERED:
        return False
    return situation.unanswered + 1 >= rules.unsure_limit
