"""Every rule by itself, and which of several counts; what is done about it is a setting."""

import pytest

from chatbot.assistant.answerer import Answer, Outcome, Trigger
from chatbot.assistant.handover.triggers import Decision, Situation, decide
from chatbot.assistant.runtime_settings import HandoffSettings
from chatbot.conversations.notices import NOTICES
from workbench.desk.system_lines import LINES

RULES = HandoffSettings()
GOOD = Answer("Two days.", Outcome.ANSWERED)
NONE = Answer("I don't know.", Outcome.UNKNOWN)
TOOL = Answer("", Outcome.HANDOFF_REQUESTED, trigger=Trigger.MODEL, note="Wants a refund")


def hands_over(trigger: Trigger) -> Decision:
    return Decision(trigger, hands_over=True)


@pytest.mark.parametrize(
    ("situation", "answer", "trigger"),
    [
        (Situation("I want to talk to a human"), None, Trigger.ASKED),
        (Situation("转人工"), None, Trigger.ASKED),
        (Situation("Hm"), Answer("", Outcome.HANDOFF_REQUESTED), Trigger.ASKED),
        (Situation("Hm"), TOOL, Trigger.MODEL),
        (Situation("Refund me", approval=True), GOOD, Trigger.APPROVAL),
        (Situation("Lawyer", topics=frozenset({"law"})), None, Trigger.TOPIC),
        (Situation("You idiots", intensity=4), None, Trigger.MOOD),
        (Situation("Hm", unanswered=1), NONE, Trigger.UNSURE),
        (Situation("Hm", turns=12), None, Trigger.TURNS),
    ],
)
def test_each_reason_fetches_a_person(
    situation: Situation, answer: Answer | None, trigger: Trigger
) -> None:
    assert decide(situation, RULES, answer) == hands_over(trigger)


@pytest.mark.parametrize(
    ("situation", "answer"),
    [
        (Situation("How long does delivery take?"), None),
        (Situation("How long?", turns=11, unanswered=9, intensity=3), GOOD),
        (Situation("How long?", unanswered=0), NONE),
        (Situation("Thanks, bye!", turns=40), None),
    ],
)
def test_without_a_reason_nothing_happens(situation: Situation, answer: Answer | None) -> None:
    assert decide(situation, RULES, answer) is None


@pytest.mark.parametrize(
    ("situation", "answer", "off"),
    [
        (Situation("Hm", topics=frozenset({"law"})), None, {"topic": "off"}),
        (Situation("Hm", intensity=9), None, {"mood": "off"}),
        (Situation("Hm", unanswered=5), NONE, {"unsure": "off"}),
        (Situation("Hm", turns=50), None, {"turns": "off"}),
        (Situation("Hm", approval=True), GOOD, {"approval": "off"}),
        (Situation("Hm", unanswered=1), NONE, {"unsure_limit": 3}),
        (Situation("Hm", turns=12), None, {"turn_limit": 13}),
        (Situation("Hm", intensity=4), None, {"mood_threshold": 5}),
    ],
)
def test_each_can_be_switched_off_or_made_patient(
    situation: Situation, answer: Answer | None, off: dict[str, object]
) -> None:
    assert decide(situation, HandoffSettings.model_validate(off), answer) is None


@pytest.mark.parametrize("trigger", [Trigger.ASKED, Trigger.MODEL])
def test_what_a_customer_or_the_model_wants_is_at_least_offered(trigger: Trigger) -> None:
    rules = HandoffSettings(asked="offer", model="offer")
    answer = Answer("", Outcome.HANDOFF_REQUESTED, trigger=trigger)
    assert decide(Situation("Hm"), rules, answer) == Decision(trigger, hands_over=False)


def test_a_person_fetched_beats_a_weightier_offer() -> None:
    situation = Situation("Hm", topics=frozenset({"law"}), turns=12)
    rules = HandoffSettings(topic="offer")
    assert decide(situation, rules) == hands_over(Trigger.TURNS)


def test_of_several_the_weightiest_is_named() -> None:
    situation = Situation("Get me a human", topics=frozenset({"law"}), intensity=9, turns=99)
    assert decide(situation, RULES) == hands_over(Trigger.ASKED)


@pytest.mark.parametrize("trigger", [each for each in Trigger if each is not Trigger.ASKED])
def test_customers_and_agents_read_why(trigger: Trigger) -> None:
    assert f"transfer_requested.{trigger}" in NOTICES
    assert f"transfer_requested.{trigger}" in LINES


@pytest.mark.parametrize("trigger", Trigger)
def test_every_reason_has_its_setting(trigger: Trigger) -> None:
    assert trigger.value in HandoffSettings.model_fields
