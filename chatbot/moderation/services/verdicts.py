"""What people find when they look at hits."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from chatbot.moderation.choices import Verdict
from chatbot.moderation.matcher import needle
from chatbot.moderation.models import AllowedPhrase, Hit, SensitiveWord
from chatbot.moderation.selectors import REVIEW
from chatbot.moderation.services.phrases import allow_phrase
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import PermissionRefused


@transaction.atomic
def confirm(*, hits: Sequence[Hit], by: User) -> int:
    """The words meant harm; how many verdicts are new."""
    return sum(_judge(hit, Verdict.CONFIRMED, by) for hit in hits)


@transaction.atomic
def dismiss(*, hit: Hit, by: User, phrase: str | None = None) -> AllowedPhrase | None:
    """A false alarm: from now on the word may stand in that phrase.

    Without one it is the words around the hit; there is none if the word stood alone. InvalidInput
    for a phrase that can't be allowed.
    """
    _judge(hit, Verdict.FALSE_ALARM, by)
    wanted = hit.around if phrase is None else phrase
    if phrase is None and _is_word(hit, wanted):
        return None
    return allow_phrase(tenant=hit.tenant, text=wanted, actor=actor_of(by)) if wanted else None


def _judge(hit: Hit, verdict: Verdict, by: User) -> bool:
    if not by.has_perm(REVIEW):
        raise PermissionRefused
    changed = Hit.objects.filter(pk=hit.pk).exclude(verdict=verdict)
    if not changed.update(verdict=verdict, reviewer=by, reviewed_at=timezone.now()):
        return False
    data = {"word": hit.word, "was": hit.verdict}
    hit.verdict, hit.reviewer = verdict, by
    action = "hit.confirm" if verdict == Verdict.CONFIRMED else "hit.dismiss"
    audit.record(tenant=hit.tenant, actor=actor_of(by), action=action, target=hit, data=data)
    return True


def _is_word(hit: Hit, phrase: str) -> bool:
    normal = needle(phrase)[0]
    return not normal or SensitiveWord.objects.filter(tenant=hit.tenant, normal=normal).exists()
