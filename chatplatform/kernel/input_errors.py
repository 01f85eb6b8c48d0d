"""What is wrong with an input, field by field, in the reader's language."""

from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from pydantic import ValidationError
from pydantic_core import ErrorDetails


class FieldError(TypedDict):
    """`field` is a dotted path, "" for the body itself; `code` is stable and snake_case."""

    field: str
    code: str
    message: str


_MOST_SHOWN = 20  # a body of 50,000 unknown fields gets no answer of megabytes

# Placeholders are the constraint's own names.
_MESSAGES: dict[str, StrOrPromise] = {
    "missing": _("This field is required."),
    "extra_forbidden": _("There is no such field."),
    "invalid_key": _("There is no such field."),
    "model_type": _("This must be a JSON object."),
    "dict_type": _("This must be a JSON object."),
    "list_type": _("This must be a list."),
    "string_type": _("This must be a text."),
    "string_unicode": _("This text holds characters that don't exist."),
    "text_nul": _("This text holds a character that can't be stored."),
    "text_blank": _("This must not be empty."),
    "string_too_short": _("At least %(min_length)s characters."),
    "string_too_long": _("At most %(max_length)s characters."),
    "string_pattern_mismatch": _("This does not have the right form."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "int_from_float": _("This must be a whole number."),
    "int_parsing_size": _("This number is too large."),
    "float_type": _("This must be a number."),
    "float_parsing": _("This must be a number."),
    "finite_number": _("This must be a number."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "greater_than": _("This must be more than %(gt)s."),
    "greater_than_equal": _("This must be %(ge)s or more."),
    "less_than": _("This must be less than %(lt)s."),
    "less_than_equal": _("This must be %(le)s or less."),
    "too_long": _("At most %(max_length)s entries."),
    "too_short": _("At least %(min_length)s entries."),
    "literal_error": _("This must be one of %(expected)s."),
    "not_a_choice": _("This can't be chosen."),
    "enum": _("This must be one of %(expected)s."),
}


def field_errors(error: ValidationError) -> list[FieldError]:
    """One entry per fault of a pydantic validation, the first 20."""
    return [
        {
            "field": ".".join(str(part) for part in fault["loc"]),
            "code": fault["type"],
            "message": _message(fault),
        }
        for fault in error.errors(include_url=False, include_input=False)[:_MOST_SHOWN]
    ]


def field_codes() -> dict[str, str]:
    """Every code that a field's fault may have, and what it says with its places open."""
    return {code: str(message) for code, message in sorted(_MESSAGES.items())}


def field_error(field: str, code: str, **context: Any) -> FieldError:
    """One fault that we found ourselves; `context` fills the places of the code's sentence."""
    return {"field": field, "code": code, "message": str(_MESSAGES[code]) % context}


def body_error(code: str) -> FieldError:
    """A fault of the whole body."""
    return {"field": "", "code": code, "message": str(_MESSAGES[code])}


def _message(fault: ErrorDetails) -> str:
    known = _MESSAGES.get(fault["type"])
    if known is None:
        return fault["msg"]
    context: dict[str, Any] = fault.get("ctx", {})
    return str(known) % context if context else str(known)
