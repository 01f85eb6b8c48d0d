from typing import Literal

from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import RuntimeSettings, setting


class AssistantSettings(RuntimeSettings):
    name = "assistant"
    title = _("AI assistant")

    longest_answering: int = setting(
        60,
        ge=5,
        le=600,
        title=_("Time for an answer (seconds)"),
        description=_("An answer that takes longer is given up, and a person is fetched."),
    )
    attempts: int = setting(
        3,
        ge=1,
        le=10,
        title=_("Attempts"),
        description=_("An answer that failed so often is given up, and a person is fetched."),
    )
    runs_kept_days: int = setting(
        90,
        ge=0,
        le=3650,
        title=_("Keep runs (days)"),
        description=_("What the AI was asked and what became of it; 0 keeps it for ever."),
    )


_HANDOVER = {"handover": _("Fetch a person"), "offer": _("Offer a person")}
_ANY = {**_HANDOVER, "off": _("Do nothing")}
Always = Literal["handover", "offer"]
Reaction = Literal["handover", "offer", "off"]


class HandoffSettings(RuntimeSettings):
    """What each of answerer.Trigger does, under its own name."""

    name = "handoff"
    title = _("Handoff to a person")
    description = _(
        "When the assistant hands a customer over. The button for a person works in any case. A "
        "reason for which nobody came in time only offers a person the next time."
    )

    asked: Always = setting(
        "handover", by_tenant=True, choices=_HANDOVER, title=_("Customer asks for a person")
    )
    model: Always = setting(
        "handover", by_tenant=True, choices=_HANDOVER, title=_("Assistant decides to")
    )
    failure: Always = setting(
        "handover", by_tenant=True, choices=_HANDOVER, title=_("Every attempt to answer failed")
    )
    timeout: Always = setting(
        "handover", by_tenant=True, choices=_HANDOVER, title=_("Answer took too long")
    )
    unsure: Reaction = setting(
        "handover", by_tenant=True, choices=_ANY, title=_("No answer several times in a row")
    )
    unsure_limit: int = setting(
        2, ge=1, le=10, by_tenant=True, title=_("Questions without an answer in a row")
    )
    turns: Reaction = setting(
        "handover", by_tenant=True, choices=_ANY, title=_("Conversation goes on for too long")
    )
    turn_limit: int = setting(
        12,
        ge=1,
        le=200,
        by_tenant=True,
        title=_("Answers of the AI until then"),
        description=_("Counted from when the AI got the conversation; it may get it back."),
    )
    topic: Reaction = setting(
        "handover",
        by_tenant=True,
        choices=_ANY,
        title=_("Sensitive topic"),
        description=_("A message with sensitive words that are to be reviewed or reported."),
    )
    mood: Reaction = setting("handover", by_tenant=True, choices=_ANY, title=_("Customer is upset"))
    mood_threshold: int = setting(
        4,
        ge=1,
        le=20,
        by_tenant=True,
        title=_("Upset from"),
        description=_(
            "Each strong word counts 1 to 4, as do capitals, !!! and “for the third time”."
        ),
    )
    approval: Reaction = setting(
        "handover", by_tenant=True, choices=_ANY, title=_("An action needs a person's approval")
    )
    briefs_by_model: bool = setting(
        True,
        by_tenant=True,
        title=_("Improve briefs with the model"),
        description=_("The person's brief is there at once in any case, written from a template."),
    )
