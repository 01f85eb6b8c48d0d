"""A setting's value as people read it."""

from typing import Any

from django.utils.translation import gettext as _

from chatplatform.configuration.registry import Shown


def worded(shown: Shown, value: Any) -> str:
    """The value in the reader's language; a dash for what is empty."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        texts = [f"{language}: {text}" for language, text in value.items()]
        return " · ".join(texts) or _("built in")
    return str(shown.choices.get(str(value), value)) or "–"
