from typing import Literal

from chatplatform.configuration.registry import LocalizedText, RuntimeSettings, setting


class TeaSettings(RuntimeSettings):
    """A group of every kind of setting, for these tests."""

    name = "tea"
    title = "Tea"

    minutes: int = setting(3, ge=0, le=60, title="Minutes", by_tenant=True)
    cups: int = setting(2, ge=1, title="Cups")
    sugar: bool = setting(False, title="Sugar", by_tenant=True)
    kind: Literal["green", "black"] = setting(
        "green",
        title="Kind",
        by_tenant=True,
        choices={"green": "Green", "black": "Black"},
    )
    label: str = setting("", max_length=20, title="Label", by_tenant=True)
    wish: LocalizedText = setting({}, title="Wish", by_tenant=True)
