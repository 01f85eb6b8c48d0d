"""What the API of settings, dictionaries and errors answers."""

from datetime import datetime
from typing import Any

from chatbot.conversations.wire import Shape


class GroupOut(Shape):
    """A group of settings; `title` is in the reader's language."""

    name: str
    title: str
    description: str


class GroupsOut(Shape):
    results: list[GroupOut]


class SettingOut(Shape):
    """One setting. `value` holds; `installation` and `own` are null where nothing was chosen.

    `by_tenant`: a tenant may choose its own. `limits` are JSON schema: type, minimum, maximum,
    maxLength, pattern, enum.
    """

    key: str
    title: str
    description: str
    by_tenant: bool
    limits: dict[str, Any]
    value: Any
    default: Any
    installation: Any
    own: Any
    changed_by: str | None
    changed_at: datetime | None


class SettingsOut(GroupOut):
    """A group as it holds for `tenant`, or for the installation (null)."""

    tenant: str | None
    settings: list[SettingOut]


class DictionaryOut(Shape):
    """A list to choose from; `names` holds its name in every language, `name` the reader's."""

    code: str
    name: str
    names: dict[str, str]
    system: bool
    own: bool


class DictionariesOut(Shape):
    results: list[DictionaryOut]


class ItemOut(Shape):
    """One choice. Those that are not `enabled` are named by old records only."""

    value: str
    label: str
    labels: dict[str, str]
    color: str
    default: bool
    enabled: bool


class DictionaryItemsOut(DictionaryOut):
    items: list[ItemOut]


class ErrorOut(Shape):
    """An error code; `status` is null for one that is said on sockets only."""

    code: str
    status: int | None
    title: str
    titles: dict[str, str]
    hint: str
    hints: dict[str, str]


class ErrorsOut(Shape):
    results: list[ErrorOut]
