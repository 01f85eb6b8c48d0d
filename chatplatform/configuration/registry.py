"""Groups of runtime settings: each room declares its own in `runtime_settings.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from chatplatform.kernel.errors import NotFound

LONGEST_TEXT = 300  # characters in one language
_LIMITS = {"type", "minimum", "maximum", "minLength", "maxLength", "pattern", "enum", "const"}


class UnknownGroup(NotFound):
    code = "unknown_settings_group"
    title = _("There are no settings of that name.")


class RuntimeSettings(BaseModel):
    """Base of a group: typed fields made by `setting`, changed while the platform runs.

    `class LoginSettings(RuntimeSettings): name = "sign_in"; title = _("Signing in")`. Defining a
    subclass registers it; `configuration.selectors.current` gives the values that hold now.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: ClassVar[str] = ""
    title: ClassVar[StrOrPromise] = ""
    description: ClassVar[StrOrPromise] = ""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        _groups[cls.name] = cls

    @classmethod
    def limits(cls) -> dict[str, dict[str, Any]]:
        """What values each setting takes, as JSON schema without its title."""
        properties = cls.model_json_schema()["properties"]
        return {
            key: {name: value for name, value in schema.items() if name in _LIMITS}
            for key, schema in properties.items()
        }


@dataclass(frozen=True)
class Shown:
    """How people see one setting, and whether a tenant may choose its own value."""

    title: StrOrPromise
    description: StrOrPromise = ""
    by_tenant: bool = False
    choices: Mapping[str, StrOrPromise] = field(default_factory=dict)
    is_color: bool = False

    def __call__(self, schema: dict[str, Any]) -> None:
        """Pydantic keeps it as what may extend a field's JSON schema, which we leave alone."""


def setting(
    default: Any,
    *,
    title: StrOrPromise,
    description: StrOrPromise = "",
    by_tenant: bool = False,
    choices: Mapping[str, StrOrPromise] | None = None,
    is_color: bool = False,
    **limits: Any,
) -> Any:
    """A field of a group. `limits` are pydantic's: ge, le, max_length, pattern.

    `choices` says what the values of a Literal are called.
    """
    shown = Shown(title, description, by_tenant, choices or {}, is_color)
    return Field(default, json_schema_extra=shown, **limits)


def shown(group: type[RuntimeSettings], key: str) -> Shown:
    """How a field of the group is shown; plain for one that was not made by `setting`."""
    found = group.model_fields[key].json_schema_extra
    return found if isinstance(found, Shown) else Shown(key)


class PerLanguage:
    """Marks a field that holds one text per language."""


def _offered(texts: dict[str, str]) -> dict[str, str]:
    if set(texts) - set(dict(settings.LANGUAGES)):
        raise PydanticCustomError("language", "no such language")
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        raise PydanticCustomError("string_too_long", "too long", {"max_length": LONGEST_TEXT})
    if any("\0" in text for text in texts.values()):
        raise PydanticCustomError("text_nul", "NUL can't be stored")
    return {language: text.strip() for language, text in texts.items() if text.strip()}


LocalizedText = Annotated[dict[str, str], AfterValidator(_offered), PerLanguage()]
"""One text per language, by its code; a language that is left out has the built-in text."""


def in_language(texts: Mapping[str, str], otherwise: StrOrPromise) -> str:
    """The text in the active language, or else what is built in."""
    return texts.get(get_language() or "") or str(otherwise)


def groups() -> list[type[RuntimeSettings]]:
    """Every group of the house by name."""
    ours = (group for group in _groups.values() if ".tests." not in group.__module__)
    return sorted(ours, key=lambda group: group.name)


def group_named(name: str) -> type[RuntimeSettings]:
    """The group of that name, or UnknownGroup."""
    found = _groups.get(name)
    if found is None:
        raise UnknownGroup
    return found


_groups: dict[str, type[RuntimeSettings]] = {}
