from typing import Literal

from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import LocalizedText, RuntimeSettings, setting


class TeaSettings(RuntimeSettings):
    """A group of every kind of setting, for these tests."""

    name = "tea"
    title = _("Tea")

    minutes: int = setting(3, ge=0, le=60, title=_("Minutes"), by_tenant=True)
    cups: int = setting(2, ge=1, title=_("Cups"))
    sugar: bool = setting(False, title=_("Sugar"), by_tenant=True)
    kind: Literal["green", "black"] = setting(
        "green",
        title=_("Kind"),
        by_tenant=True,
        choices={"green": _("Green"), "black": _("Black")},
    )
    label: str = setting("", max_length=20, title=_("Label"), by_tenant=True)
    wish: LocalizedText = setting({}, title=_("Wish"), by_tenant=True)
