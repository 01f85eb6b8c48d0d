"""What the server says in a conversation about tools; registered when the app starts."""

from django.utils.translation import gettext_lazy as _

from chatbot.conversations.notices import register

register(
    {
        "tool_confirmation": _("May I do this for you? %(tool)s: %(summary)s"),
        "tool_approval": _("A colleague has to approve this first. %(tool)s: %(summary)s"),
        "tool_done": _("Done. %(tool)s: %(answer)s"),
        "tool_failed": _("This did not work, and nothing was changed: %(tool)s."),
        "tool_uncertain": _(
            "We are not sure whether this was done: %(tool)s. A colleague will look into it."
        ),
        "tool_declined": _("All right, nothing was changed: %(tool)s."),
        "tool_rejected": _("A colleague did not approve this: %(tool)s. %(reason)s"),
        "tool_confirmation_expired": _("Nothing was changed, as you did not confirm: %(tool)s."),
        "tool_approval_expired": _("Nobody could approve this in time: %(tool)s."),
    }
)
