"""For whom a conversation is."""

from django.db import transaction

from chatbot.conversations import authors
from chatbot.conversations.announcements import announce_department
from chatbot.conversations.audience import audience
from chatbot.conversations.models import Conversation
from chatbot.conversations.transitions import too_late
from chatplatform.accounts.models import User
from chatplatform.audit import services as audit
from chatplatform.kernel.errors import PermissionRefused
from chatplatform.kernel.visibility import visible
from chatplatform.tenants.models import Department


@transaction.atomic
def move_to_department(
    *, conversation: Conversation, department: Department | None, by: User
) -> Conversation:
    """Hand the customer to a department; its state, and the agent who has it, stay.

    She may leave the sight of whoever does it: that is what handing over means. PermissionRefused
    for those who may not; UnknownSession or StateConflict if someone else was faster.
    """
    if not by.has_perm("conversations.route_conversation"):
        raise PermissionRefused
    previous, heard_before = conversation.department, audience(conversation)
    if department == previous:
        return conversation
    unchanged = Conversation.objects.filter(pk=conversation.pk, department=previous)
    if not visible(unchanged, by).update(department=department):
        raise too_late(conversation, by)
    conversation.department = department
    author = authors.agent(by)
    audit.record(
        tenant=conversation.tenant,
        actor=author.actor,
        action="conversation.move_to_department",
        target=conversation,
        data={
            "to": conversation.state,
            "previous": previous.code if previous else None,
            "department": department.code if department else None,
        },
    )
    announce_department(conversation, previous, heard_before, author.source)
    return conversation
