"""What happens to dictionaries, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "dictionary.create": _("Dictionary made"),
        "dictionary.change": _("Dictionary changed"),
        "dictionary.delete": _("Dictionary deleted"),
    },
    targets={"dictionary": Target(_("Dictionary"), "dictionaries.DictionaryType", "code")},
)
