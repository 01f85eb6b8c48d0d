"""What history is called in the reader's language. Each room names its own in its `history.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from chatplatform.audit.models import AuditEntry


@dataclass(frozen=True)
class Target:
    """A kind of target: its word, its model ("app.Model"), and the field `target_id` holds."""

    word: StrOrPromise
    model: str = ""
    field: str = "pk"


_actors: dict[str, StrOrPromise] = {
    "system": _("Automatic"),
    "user": pgettext_lazy("actor", "Person"),
}
_actions: dict[str, StrOrPromise] = {
    "audit.export": _("History exported"),
    "audit.trim": _("Old history removed"),
}
_targets: dict[str, Target] = {"audit": Target(_("History"))}


def register(
    *,
    actors: Mapping[str, StrOrPromise] | None = None,
    actions: Mapping[str, StrOrPromise] | None = None,
    targets: Mapping[str, Target] | None = None,
) -> None:
    """Name kinds of actors, actions ("noun.verb") and kinds of targets."""
    _actors.update(actors or {})
    _actions.update(actions or {})
    _targets.update(targets or {})


def actor_kinds() -> list[tuple[str, str]]:
    """Every kind of actor with its word, for a filter."""
    return sorted((kind, str(word)) for kind, word in _actors.items())


def actions() -> list[tuple[str, str]]:
    """Every action that has words, with them, for a filter."""
    return sorted(((action, str(word)) for action, word in _actions.items()), key=lambda pair: pair)


def target_kinds() -> set[str]:
    """Every kind of target that has a word."""
    return set(_targets)


def kind_name(kind: str) -> str:
    """A kind of actor; an unknown one by its code."""
    return str(_actors.get(kind, kind))


def actor_name(entry: AuditEntry) -> str:
    """Who did it: her name, or what she is. Whoever has no id has no name of her own."""
    return (entry.actor_label if entry.actor_id else "") or kind_name(entry.actor_kind)


def action_name(action: str) -> str:
    """What was done; an unknown action by its code."""
    return str(_actions.get(action, action))


def target_name(entry: AuditEntry) -> str:
    """What it was done to: the kind's word and the key it is known by."""
    known = _targets.get(entry.target_type)
    return f"{known.word if known else entry.target_type} {entry.target_id}".strip()


def field_name(entry: AuditEntry, name: str) -> str:
    """What a field in `before` and `after` is called; one that the target has not, by its name."""
    known = _targets.get(entry.target_type)
    if known is None or not known.model:
        return name
    try:
        field = apps.get_model(known.model)._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return str(getattr(field, "verbose_name", name))


def target_address(entry: AuditEntry) -> str:
    """Where the admin shows the target; "" if it shows none of that kind."""
    known = _targets.get(entry.target_type)
    if known is None or not known.model:
        return ""
    place = f"admin:{known.model.lower().replace('.', '_')}"
    try:
        if known.field == "pk":
            return reverse(f"{place}_change", args=[entry.target_id])
        return f"{reverse(f'{place}_changelist')}?{urlencode({known.field: entry.target_id})}"
    except NoReverseMatch:
        return ""
