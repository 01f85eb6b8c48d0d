"""What people may see of arguments and results: no secrets, no personal data."""

from typing import Any

from chatbot.moderation.personal_data import mask
from chatplatform.audit.masking import masked


def mask_values(value: Any) -> Any:
    """The same JSON, with every text in it masked and secrets blanked by their names."""
    return _texts(masked(value))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_texts(part) for part in value]
    return mask(value) if isinstance(value, str) else value
