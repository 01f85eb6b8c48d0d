from typing import Literal

from django.utils.translation import gettext_lazy as _

from chatplatform.configuration.registry import LocalizedText, RuntimeSettings, setting


class WidgetSettings(RuntimeSettings):
    name = "widget"
    title = _("Chat window")
    description = _("What customers see before they write. An open window keeps what it has.")

    heading: str = setting(
        "",
        max_length=60,
        by_tenant=True,
        title=_("Name above the chat"),
        description=_("Without one, the tenant's name."),
    )
    color: str = setting(
        "",
        pattern=r"^(#[0-9A-Fa-f]{6})?$",
        by_tenant=True,
        is_color=True,
        title=_("Colour"),
        description=_("As #2f5d4e. A colour given where the chat is embedded goes first."),
    )
    greeting: LocalizedText = setting({}, by_tenant=True, title=_("Greeting"))
    introduction: LocalizedText = setting(
        {}, by_tenant=True, title=_("Introduction"), description=_("Stands below the greeting.")
    )
    starters: Literal["examples", "articles", "none"] = setting(
        "examples",
        by_tenant=True,
        title=_("Questions to begin with"),
        choices={
            "examples": _("what shops are asked most"),
            "articles": _("titles of help articles"),
            "none": _("none"),
        },
    )
    shows_sources: bool = setting(
        True,
        by_tenant=True,
        title=_("Sources"),
        description=_("Below an answer stands the article that it was taken from."),
    )
    offers_person: bool = setting(
        True,
        by_tenant=True,
        title=_("Button for a person"),
        description=_("Without it, customers still reach a person by asking the assistant."),
    )
