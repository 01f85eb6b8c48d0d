"""What changed from one version of instructions to another, line by line. Pure."""

import difflib
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from chatbot.assistant.prompts.models import Prompt

FIELDS = ("english", "chinese", "tone", "language")


@dataclass(frozen=True)
class Line:
    """`sign` is "+" for new, "-" for gone, " " for the same."""

    sign: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field that differs."""

    field: StrOrPromise
    lines: list[Line]


def differences(before: Prompt, after: Prompt) -> list[Difference]:
    """The fields that differ, each whole."""
    return [
        Difference(_name(field), _lines(_text(before, field), _text(after, field)))
        for field in FIELDS
        if _text(before, field) != _text(after, field)
    ]


def _lines(before: str, after: str) -> list[Line]:
    compared = difflib.ndiff(before.splitlines(), after.splitlines())
    return [Line(line[0], line[2:]) for line in compared if line[0] != "?"]


def _text(prompt: Prompt, field: str) -> str:
    shown = getattr(prompt, f"get_{field}_display", None)
    return str(shown() if shown else getattr(prompt, field)).replace("\r\n", "\n").strip()


def _name(field: str) -> StrOrPromise:
    name: StrOrPromise = Prompt._meta.get_field(field).verbose_name  # type: ignore[union-attr]
    return name
