"""Permissions in the reader's words: what is done, to what. For everyone who chooses some."""

from collections.abc import Callable, Iterable
from itertools import groupby

from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_VERBS = {"view": _("see"), "add": _("add"), "change": _("change"), "delete": _("delete")}

# So they stand together by what they are about. Their content types have to be selected as well.
ORDER = ("content_type__app_label", "content_type__model", "codename")


def full_name(permission: Permission) -> str:
    """As programs know it: "app.codename"."""
    return f"{permission.content_type.app_label}.{permission.codename}"


def verb(permission: Permission) -> str:
    """What is done: "See"; one of our own is worded in its model."""
    deed, _sep, model = permission.codename.partition("_")
    usual = model == permission.content_type.model and deed in _VERBS
    return capfirst(str(_VERBS[deed] if usual else gettext(permission.name)))


def subject(permission: Permission) -> str:
    """What it is done to: "Knowledge · Articles"."""
    kind = permission.content_type
    try:
        model = apps.get_model(kind.app_label, kind.model)
    except LookupError:
        return kind.app_label
    room = str(apps.get_app_config(kind.app_label).verbose_name)
    rows = capfirst(str(model._meta.verbose_name_plural))
    return rows if rows == room else f"{room} · {rows}"


def choices(
    permissions: Iterable[Permission], *, key: Callable[[Permission], str]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Of permissions in ORDER: groups of (`key`, words) by subject, for a form."""
    return [
        (about, [(key(each), verb(each)) for each in several])
        for about, several in groupby(permissions, key=subject)
    ]


def summary(permissions: Iterable[Permission]) -> SafeString:
    """Of permissions in ORDER: one line a subject, for those who only look."""
    lines = (
        (about, ", ".join(verb(each) for each in several))
        for about, several in groupby(permissions, key=subject)
    )
    return format_html_join("", "<div>{}: {}</div>", lines)
