"""What happens to settings, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={"settings.change": _("Settings changed")},
    targets={"settings": Target(_("Settings"))},
)
