"""What happens to instructions, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "prompt.create": _("Instructions written"),
        "prompt.change": _("Instructions changed"),
        "prompt.publish": _("Instructions published"),
        "prompt.delete": _("Draft of instructions thrown away"),
    },
    targets={"prompt": Target(_("Instructions"), "prompts.Prompt")},
)
