"""On whose behalf a tool is called: said by the server, never by a model."""

import re
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chatbot.conversations.models import Conversation

_LINE = re.compile(
    r"(?P<place>query|header|path|body|argument)\s+(?P<name>[\w.-]+)\s*=\s*(?P<template>.+)"
)
_FIELD = re.compile(r"\{([a-z_.]+)\}")


@dataclass(frozen=True)
class Caller:
    """The customer and the conversation of a call; `key` is its idempotency key."""

    conversation: Conversation
    key: str

    @property
    def tenant(self) -> Any:
        return self.conversation.tenant

    def fields(self) -> dict[str, str]:
        """What templates may name."""
        customer = self.conversation.customer
        return {
            "customer.email": customer.email,
            "customer.name": customer.name,
            "customer.id": str(customer.pk),
            "conversation.name": self.conversation.name,
        }


class Filling(NamedTuple):
    """A value that we fill in: where, under which name, and what."""

    place: str
    name: str
    template: str

    def value(self, caller: Caller) -> str:
        fields = caller.fields()
        return _FIELD.sub(lambda found: fields[found[1]], self.template)


def read_fillings(text: str) -> list[Filling]:
    """The lines of Tool.identity; ValidationError names one that is not right."""
    return [_filling(line.strip()) for line in text.splitlines() if line.strip()]


def _filling(line: str) -> Filling:
    found = _LINE.fullmatch(line)
    if found is None or not set(_FIELD.findall(found["template"])) <= _KNOWN:
        raise ValidationError(_("This line is not understood: %(line)s") % {"line": line})
    return Filling(found["place"], found["name"], found["template"].strip())


_KNOWN = {"customer.email", "customer.name", "customer.id", "conversation.name"}
