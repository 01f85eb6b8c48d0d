"""What was found in a text becomes rows; supervisors hear at once of what they want to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from chatbot.moderation.choices import Action, Speaker
from chatbot.moderation.events import ModerationAlert
from chatbot.moderation.models import Hit, Original
from chatbot.moderation.screening import Finding, Screening
from chatbot.moderation.selectors import reviewers_of
from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from realtime import channels, publish


@dataclass(frozen=True)
class Alert:
    """A hit to tell of, and whom."""

    hit: Hit
    reviewers: tuple[int, ...]


def keep_findings(
    *, conversation: Any, screening: Screening, speaker: Speaker, message: Any = None
) -> list[Alert]:
    """In the transaction that stores `screening.text`: the hits, and the original of a message.

    What is no message (a name, a reason) often repeats one: words that were found in this
    conversation are not kept again. What comes back is for `announce_alerts`, last in the same
    transaction. Nothing was found: no query.
    """
    if message is None:
        return _keep_hits(_unheard(screening.findings, conversation), conversation, speaker)
    if screening.hides:
        tenant = conversation.tenant
        original = Original(tenant=tenant, message=message, text=screening.original)
        original.save()  # not through the manager: a new row needs no scope's filter
    return _keep_hits(screening.findings, conversation, speaker, message)


@transaction.atomic
def keep_refused(
    *, conversation: Any, screening: Screening, speaker: Speaker, actor: Actor
) -> None:
    """The hits of a text that was not stored, after the transaction that would have."""
    alerts = _keep_hits(screening.findings, conversation, speaker)
    audit.record(
        tenant=conversation.tenant,
        actor=actor,
        action="message.refuse",
        target="",
        data={"conversation": conversation.name, "topics": sorted(screening.topics)},
    )
    announce_alerts(alerts)


def announce_alerts(alerts: Sequence[Alert]) -> None:
    """Tell everyone who may review them; publishes, so it comes last."""
    for alert in alerts:
        if alert.reviewers:
            hit = alert.hit
            event = ModerationAlert(
                session_name=hit.conversation.name,
                message_id=hit.message_id,
                speaker=Speaker(hit.speaker).value,
                category=hit.category,
                excerpt=hit.excerpt,
            )
            to = [channels.agent(user) for user in alert.reviewers]
            publish.event(event, to=to, source="system", log=hit.conversation.tenant.slug)


def _keep_hits(
    findings: Sequence[Finding], conversation: Any, speaker: Speaker, message: Any = None
) -> list[Alert]:
    """One for each word."""
    alerts = []
    for finding in {finding.word: finding for finding in reversed(findings)}.values():
        hit = Hit(
            tenant=conversation.tenant,
            conversation=conversation,
            message=message,
            speaker=speaker,
            word=finding.word,
            category=finding.category,
            action=finding.action,
            excerpt=finding.excerpt,
            around=finding.around,
        )
        hit.save()
        if hit.action == Action.ALERT:
            alerts.append(Alert(hit, tuple(reviewers_of(hit))))
    return alerts


def _unheard(findings: Sequence[Finding], conversation: Any) -> list[Finding]:
    if not findings:
        return []
    said = Hit.objects.filter(conversation=conversation).values_list("word", flat=True)
    known = set(said.distinct().order_by())
    return [finding for finding in findings if finding.word not in known]
