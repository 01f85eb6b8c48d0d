"""Where people can go. Code declares each entry with the permission it needs; the database only
orders and hides, so that no entry leads to nothing and none shows what its page would refuse."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django_stubs_ext import StrOrPromise

from chatplatform.roles.models import MenuOverride


@dataclass(frozen=True)
class Entry:
    """`permission` "app.codename", several with spaces between, or "" for everyone; `staff` for
    those whom the admin lets in.

    `route` is the name of its address, `query` what follows it; `order` sorts, lowest first.
    """

    key: str
    title: StrOrPromise
    route: str
    permission: str = ""
    query: str = ""
    icon: str = ""
    order: int = 0
    staff: bool = False

    @property
    def url(self) -> str:
        return f"{reverse(self.route)}{self.query}"

    def is_open_to(self, user: Any) -> bool:
        """Whether its page would let this user in."""
        if self.staff and not user.is_staff:
            return False
        return all(user.has_perm(each) for each in self.permission.split())


_entries: dict[str, Entry] = {}


def declare(*entries: Entry) -> None:
    """Add entries to the menu; called from the AppConfig.ready of the room they lead to."""
    _entries.update((entry.key, entry) for entry in entries)


def declared() -> dict[str, Entry]:
    """Every entry by its key."""
    return dict(_entries)


def menu_of(user: Any) -> list[Entry]:
    """The entries this user may open, as her tenant has arranged them. One query."""
    overrides = _overrides(user)
    open_to_her = [entry for entry in _entries.values() if entry.is_open_to(user)]
    return [entry for entry in _arranged(open_to_her, overrides) if _leads_somewhere(entry)]


def _overrides(user: Any) -> dict[str, MenuOverride]:
    if user.tenant_id is None:
        return {}
    found = MenuOverride.objects.filter(tenant=user.tenant_id)
    return {override.key: override for override in found}


def _arranged(entries: Iterable[Entry], overrides: dict[str, MenuOverride]) -> list[Entry]:
    def place(entry: Entry) -> tuple[int, str]:
        override = overrides.get(entry.key)
        chosen = override.order if override else None
        return (entry.order if chosen is None else chosen, entry.key)

    shown = [entry for entry in entries if not _hidden(overrides.get(entry.key))]
    return sorted(shown, key=place)


def _hidden(override: MenuOverride | None) -> bool:
    return override is not None and override.hidden


def _leads_somewhere(entry: Entry) -> bool:
    """Not every door has every address."""
    try:
        return bool(entry.url)
    except NoReverseMatch:
        return False
