"""What happens to conversations, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actors={
        "customer": _("Customer"),
        "ai": _("AI assistant"),
        "agent": _("Agent"),
    },
    actions={
        "conversation.open": _("Conversation started"),
        "conversation.request_transfer": _("A person asked for"),
        "conversation.cancel_transfer": _("Went on with the AI"),
        "conversation.time_out_wait": _("Waited too long, back to the AI"),
        "conversation.accept": _("Conversation accepted"),
        "conversation.return_to_ai": _("Conversation returned to the AI"),
        "conversation.close": _("Conversation closed"),
        "conversation.resolve_idle": _("Closed because nobody wrote"),
        "conversation.reopen": _("Conversation opened again"),
        "conversation.move_to_department": _("Conversation moved to a department"),
        "message.post": _("Message written"),
    },
    targets={
        "conversation": Target(_("Conversation"), "conversations.Conversation", "name"),
        "message": Target(_("Message"), "conversations.Message"),
    },
)
