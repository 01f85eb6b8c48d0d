"""Every error that callers may meet, by its stable code: from the classes, and from here."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from chatplatform.kernel.errors import ApplicationError
from chatplatform.kernel.problems import BY_STATUS

# Tests make errors of their own; the others do more when imported than to define things.
_NOT_LOADED = {"tests", "migrations", "management", "asgi", "conftest"}


@dataclass(frozen=True)
class ErrorCode:
    """`status` is the HTTP status; None for what is said on an open socket only."""

    code: str
    status: int | None
    title: StrOrPromise
    hint: StrOrPromise = ""


def register_frame_error(code: str, title: StrOrPromise, hint: StrOrPromise = "") -> str:
    """Make known a code that refuses a WebSocket frame; gives it back."""
    _frame_errors[code] = ErrorCode(code, None, title, hint)
    return code


@cache
def error_codes() -> tuple[ErrorCode, ...]:
    """All of them, by status and code; those on sockets last."""
    _load_the_house()
    found = {**_frame_errors, **_plain(), **_of_classes()}
    return tuple(sorted(found.values(), key=lambda each: (each.status or 1000, each.code)))


def application_errors(
    base: type[ApplicationError] = ApplicationError,
) -> Iterator[type[ApplicationError]]:
    """The classes of the house, without those that tests make."""
    for kind in base.__subclasses__():
        if ".tests." not in kind.__module__:
            yield kind
        yield from application_errors(kind)


def _of_classes() -> dict[str, ErrorCode]:
    return {
        # what helps against one error does not help against a special case of it
        kind.code: ErrorCode(kind.code, kind.status, kind.title, vars(kind).get("hint", ""))
        for kind in application_errors()
    }


def _plain() -> dict[str, ErrorCode]:
    """What HTTP itself refuses, and what nobody foresaw."""
    return {
        code: ErrorCode(code, status, title, _HINTS.get(code, ""))
        for status, (code, title) in BY_STATUS.items()
    }


def _load_the_house() -> None:
    for config in apps.get_app_configs():
        if "." not in config.name and str(settings.BASE_DIR) == str(_parent(config.path)):
            _load(config.module)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _load(package: Any) -> None:
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        if module.name.rpartition(".")[2] not in _NOT_LOADED:
            loaded = import_module(module.name)
            if module.ispkg:
                _load(loaded)


_HINTS: dict[str, StrOrPromise] = {
    "server_error": _("Try again later; tell us the `request_id`."),
    "method_not_allowed": _("`Allow` names the methods."),
}
_frame_errors: dict[str, ErrorCode] = {}

for _code, _title in {  # these are realtime's, which knows nothing of us
    "not_text": _("A frame must be text."),
    "not_json": _("A frame must be JSON."),
    "not_an_object": _("A frame must be a JSON object."),
    "unknown_type": _("No frame of this type is understood here."),
}.items():
    register_frame_error(_code, _title)
