"""What was hidden, for those who must know it and say why."""

from django.db import transaction

from chatbot.moderation.models import Original
from chatplatform.accounts.actors import actor_of
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.input_errors import field_error

LONGEST_REASON = 200


@transaction.atomic
def reveal(*, original: Original, by: User, reason: str) -> str:
    """The text as it was written; history says who read it and why.

    PermissionRefused without the right, InvalidInput without a reason.
    """
    if not by.has_perm("moderation.reveal_original"):
        raise PermissionRefused
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput(errors=[field_error("reason", "text_blank")])
    if len(reason) > LONGEST_REASON:
        limit = LONGEST_REASON
        raise InvalidInput(errors=[field_error("reason", "string_too_long", max_length=limit)])
    audit.record(
        tenant=original.tenant,
        actor=actor_of(by),
        action="message.reveal",
        target=str(original.message_id),
        data={"reason": reason},
    )
    return original.text
