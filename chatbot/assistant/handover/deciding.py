"""What a run's conversation asks for: a person, the offer of one, or nothing. Reads only."""

from dataclasses import dataclass, replace

from django.utils import translation

from chatbot.assistant import sentences
from chatbot.assistant.answerer import Answer, Outcome, Trigger
from chatbot.assistant.guardrails.promises import promises_transfer
from chatbot.assistant.handover import moods, triggers
from chatbot.assistant.handover.triggers import Decision, Situation
from chatbot.assistant.models import HandoffBrief, Run
from chatbot.assistant.runtime_settings import HandoffSettings
from chatbot.knowledge.words import language_of
from chatbot.moderation.selectors import found_in
from chatbot.tools.choices import CallStatus
from chatbot.tools.models import ToolCall
from chatplatform.configuration.selectors import current

_REMEMBERED = 250  # runs: more than any turn limit
INSULT = 3  # how much a word counts that moderation took out
_ROUNDS = 10  # transfers in a row that are looked back at


@dataclass(frozen=True)
class Settled:
    """What is said in the end and why a person is fetched or offered; None where neither is."""

    answer: Answer
    trigger: Trigger | None = None


def due_before_answering(run: Run) -> Decision | None:
    """Whether a person is fetched, or offered, whatever the answer would be."""
    rules = current(HandoffSettings, run.tenant)
    situation = situation_of(run)
    if run.attempts > 1:  # what failed may have asked for it
        situation = replace(situation, approval=_awaits_approval(run))
    return _patient(run, triggers.decide(situation, rules))


def settle(run: Run, answer: Answer, *, acted: bool = True) -> Settled:
    """The answer as the customer gets it: with a transfer, with the offer of one, or as it is.

    No promise of a person is left without one: where a text makes one, it is kept or not made.
    `acted`: a tool may have been used for it, which may wait for approval.
    """
    rules = current(HandoffSettings, run.tenant)
    situation = replace(situation_of(run), approval=acted and _awaits_approval(run))
    decision = triggers.decide(situation, rules, answer)
    if decision is None and _promises(answer):
        reaction = triggers.reaction_to(Trigger.MODEL, rules)
        decision = Decision(Trigger.MODEL, hands_over=reaction == "handover")
    if decision is None and answer.outcome is Outcome.HANDOFF_REQUESTED:  # not wanted, but said
        decision = Decision(answer.trigger or Trigger.ASKED, hands_over=False)
    decision = _patient(run, decision)
    if decision is None:
        return Settled(answer)
    if decision.hands_over:
        return Settled(_with_transfer(answer, decision.trigger), decision.trigger)
    language = language_of(run.trigger.text, fallback=run.conversation.language)
    with translation.override(language):
        return Settled(_with_offer(answer, decision.trigger), decision.trigger)


def hands_over(run: Run, trigger: Trigger) -> bool:
    """Whether a person is fetched for that reason, here and now."""
    rules = current(HandoffSettings, run.tenant)
    wanted = Decision(trigger, triggers.reaction_to(trigger, rules) == "handover")
    decision = _patient(run, wanted)
    return decision is not None and decision.hands_over


def situation_of(run: Run) -> Situation:
    """The question and its turn: the runs of the same version of the conversation.

    Read once a claim: while a worker has the run, nobody adds to what came before it.
    """
    if run.situation is None:
        run.situation = _read_situation(run)
    return run.situation


def _read_situation(run: Run) -> Situation:
    turn = Run.objects.filter(conversation=run.conversation_id, version=run.version, pk__lt=run.pk)
    earlier = turn.exclude(outcome__in=("", Outcome.GREETING)).order_by("-pk")
    outcomes = list(earlier.values_list("outcome", flat=True)[:_REMEMBERED])
    unanswered = next(
        (place for place, past in enumerate(outcomes) if past not in triggers.UNANSWERED),
        len(outcomes),
    )
    findings = found_in(run.trigger)
    return Situation(
        text=run.trigger.text,
        turns=len(outcomes),
        unanswered=unanswered,
        topics=findings.topics,
        intensity=moods.intensity(run.trigger.text) + INSULT * findings.hidden,
    )


def _awaits_approval(run: Run) -> bool:
    """Whether what the AI wants to do for this question waits for a person's yes."""
    waiting = ToolCall.objects.filter(
        conversation=run.conversation_id, run=run.pk, status=CallStatus.AWAITING_APPROVAL
    )
    return bool(waiting.exists())


def _patient(run: Run, decision: Decision | None) -> Decision | None:
    """Who waited in vain for that reason is not sent to wait again, but asked; unless she asks."""
    if decision is None or not decision.hands_over or decision.trigger is Trigger.ASKED:
        return decision
    return replace(decision, hands_over=decision.trigger not in _in_vain(run))


def _in_vain(run: Run) -> set[str]:
    """The reasons of the transfers right before this turn that brought nobody.

    A wait that ends without a person raises the version by one, and so does each new transfer:
    as long as the versions join, nobody has come.
    """
    briefs = HandoffBrief.objects.filter(conversation=run.conversation_id).order_by("-version")
    in_vain, expected = set(), run.version - 1
    for version, trigger in briefs.values_list("version", "trigger")[:_ROUNDS]:
        if version != expected:
            break
        in_vain.add(trigger)
        expected -= 2
    return in_vain


def _promises(answer: Answer) -> bool:
    """A quoted passage promises nothing on our behalf."""
    quoted = any(answer.text == source.quote for source in answer.sources)
    return not quoted and promises_transfer(answer.text)


def _with_transfer(answer: Answer, trigger: Trigger) -> Answer:
    # "I don't know, would you like a person?" is answered by the transfer's own notice.
    text = "" if answer.outcome in triggers.UNANSWERED else answer.text
    return replace(
        answer, text=text, outcome=Outcome.HANDOFF_REQUESTED, suggestions=(), trigger=trigger
    )


def _with_offer(answer: Answer, trigger: Trigger) -> Answer:
    person = sentences.talk_to_a_person()
    suggestions = (*(each for each in answer.suggestions if each != person), person)
    if answer.outcome is Outcome.HANDOFF_REQUESTED or _promises(answer):
        return replace(
            answer,
            text=sentences.offer(),
            outcome=Outcome.HANDOFF_OFFERED,
            suggestions=suggestions,
            trigger=trigger,
        )
    text = f"{answer.text}\n\n{sentences.sorry()}" if trigger is Trigger.MOOD else answer.text
    return replace(answer, text=text, suggestions=suggestions, trigger=trigger)
