from django.utils.translation import gettext_lazy as _

from chatbot.moderation.personal_data import Kind
from chatplatform.configuration.registry import RuntimeSettings, setting


class ModerationSettings(RuntimeSettings):
    name = "moderation"
    title = _("Moderation")
    description = _(
        "What is hidden here is hidden before a message is stored: in lists, searches, histories, "
        "exports and for every language model. The original is kept encrypted for a while."
    )

    hides_phones: bool = setting(
        True,
        by_tenant=True,
        title=_("Hide phone numbers"),
        description=_("Chinese mobile numbers, and numbers of any country that begin with +."),
    )
    hides_identity_cards: bool = setting(
        True,
        by_tenant=True,
        title=_("Hide the numbers of identity cards"),
        description=_("Chinese ones: 18 digits with the right check digit."),
    )
    hides_bank_cards: bool = setting(
        True,
        by_tenant=True,
        title=_("Hide the numbers of bank cards"),
        description=_("13 to 19 digits with the right check digit."),
    )
    originals_kept_days: int = setting(
        90,
        ge=1,
        le=3650,
        by_tenant=True,
        title=_("Keep hidden originals (days)"),
        description=_("Afterwards nobody can read any more what was hidden in a message."),
    )
    hits_kept_days: int = setting(
        365,
        ge=0,
        le=3650,
        title=_("Keep hits (days)"),
        description=_("Also those nobody looked at; 0 keeps them for ever."),
    )

    @property
    def hidden_kinds(self) -> frozenset[Kind]:
        chosen = {
            Kind.PHONE: self.hides_phones,
            Kind.IDENTITY_CARD: self.hides_identity_cards,
            Kind.BANK_CARD: self.hides_bank_cards,
        }
        return frozenset(kind for kind, hidden in chosen.items() if hidden)
