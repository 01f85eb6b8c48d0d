"""What happens to providers of models, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "provider.create": _("Model provider added"),
        "provider.change": _("Model provider changed"),
        "provider.delete": _("Model provider removed"),
        "provider.test": _("Model provider tested"),
    },
    targets={"provider": Target(_("Model provider"), "providers.Provider")},
)
