"""What happens here, in the words of history; read by audit when it starts."""

from django.utils.translation import gettext_lazy as _

from chatplatform.audit.words import Target, register

register(
    actions={
        "sensitive_word.create": _("Sensitive word added"),
        "sensitive_word.change": _("Sensitive word changed"),
        "sensitive_word.delete": _("Sensitive word deleted"),
        "sensitive_word.import": _("Sensitive words imported"),
        "sensitive_word.export": _("Sensitive words exported"),
        "allowed_phrase.save": _("Phrase allowed"),
        "allowed_phrase.delete": _("Phrase no longer allowed"),
        "hit.confirm": _("Sensitive word confirmed"),
        "hit.dismiss": _("Sensitive word found harmless"),
        "message.refuse": _("Message refused because of its words"),
        "message.reveal": _("What was hidden in a message read"),
    },
    targets={
        "sensitive_word": Target(_("Sensitive word"), "moderation.SensitiveWord"),
        "allowed_phrase": Target(_("Allowed phrase"), "moderation.AllowedPhrase"),
        "hit": Target(_("Hit"), "moderation.Hit"),
    },
)
