"""What happens to keys, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "api_key.create": _("API key made"),
        "api_key.revoke": _("API key revoked"),
    },
    targets={"api_key": Target(_("API key"), "api_keys.ApiKey", "prefix")},
)
