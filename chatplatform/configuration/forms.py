"""A form for a group of settings, made from its types."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.conf import settings
from django.utils.translation import get_language_info
from pydantic.fields import FieldInfo
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from chatplatform.configuration.registry import LONGEST_TEXT, PerLanguage, RuntimeSettings, Shown
from chatplatform.configuration.selectors import Entry
from chatplatform.kernel.input_errors import FieldError


class SettingsForm(forms.Form):
    """Shows what holds; `values` gives what was changed, in the group's own types."""

    def __init__(
        self,
        group: type[RuntimeSettings],
        entries: Iterable[Entry],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data)
        self._names: dict[str, list[str]] = {}
        for entry in entries:
            fields = dict(_form_fields(group.model_fields[entry.key], entry))
            self.fields.update(fields)
            self._names[entry.key] = list(fields)

    def fields_of(self, key: str) -> list[forms.BoundField]:
        """The inputs of one setting: one, or one per language."""
        return [self[name] for name in self._names[key]]

    def values(self) -> dict[str, Any]:
        """The settings that were changed, by key."""
        changed = set(self.changed_data)
        return {
            key: self._value(key, names)
            for key, names in self._names.items()
            if changed.intersection(names)
        }

    def refuse(self, faults: Iterable[FieldError]) -> None:
        """Show what the service found wrong beside the input."""
        for fault in faults:
            names = self._names.get(fault["field"].partition(".")[0])
            self.add_error(names[0] if names else None, fault["message"])

    def _value(self, key: str, names: list[str]) -> Any:
        if names == [key]:
            return self.cleaned_data[key]
        texts = {name.rpartition("__")[2]: self.cleaned_data[name] for name in names}
        return {language: text for language, text in texts.items() if text}


def _form_fields(field: FieldInfo, entry: Entry) -> Iterator[tuple[str, forms.Field]]:
    if any(isinstance(mark, PerLanguage) for mark in field.metadata):
        for language, _name in settings.LANGUAGES:
            yield f"{entry.key}__{language}", _text_in(language, entry)
    else:
        made = _form_field(field, entry.shown)
        made.label, made.help_text = str(entry.shown.title), str(entry.shown.description)
        made.initial = entry.value
        yield entry.key, made


def _text_in(language: str, entry: Entry) -> forms.Field:
    native = get_language_info(language)["name_local"]
    return forms.CharField(
        label=f"{entry.shown.title} · {native}",
        help_text=str(entry.shown.description) if language == settings.LANGUAGES[-1][0] else "",
        required=False,
        max_length=LONGEST_TEXT,
        initial=entry.value.get(language, ""),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2, "lang": language}),
    )


def _form_field(field: FieldInfo, shown: Shown) -> forms.Field:
    if field.annotation is bool:
        return forms.BooleanField(required=False, widget=UnfoldBooleanSwitchWidget())
    if get_origin(field.annotation) is Literal:
        choices = [(each, shown.choices.get(each, each)) for each in get_args(field.annotation)]
        return forms.ChoiceField(choices=choices, widget=UnfoldAdminSelectWidget())
    if field.annotation is int:
        return forms.IntegerField(
            min_value=_limit(field, "ge"),
            max_value=_limit(field, "le"),
            widget=UnfoldAdminIntegerFieldWidget(),
        )
    hint = {"placeholder": "#2f5d4e"} if shown.is_color else {}
    return forms.CharField(
        required=False,
        max_length=_limit(field, "max_length"),
        widget=UnfoldAdminTextInputWidget(attrs=hint),
    )


def _limit(field: FieldInfo, name: str) -> int | None:
    found: list[int] = [getattr(each, name) for each in field.metadata if hasattr(each, name)]
    return found[0] if found else None
