"""Which lists there are for a tenant, and what stands in them."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.kernel.errors import NotFound
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


class UnknownDictionary(NotFound):
    code = "unknown_dictionary"
    title = _("There is no dictionary of that name.")


def dictionaries_of(tenant: Tenant | None) -> list[DictionaryType]:
    """Every list the tenant has, by code: its own, and everyone's that it has not replaced."""
    found: dict[str, DictionaryType] = {}
    for each in _known_to(tenant):  # the tenant's own come last
        found[each.code] = each
    return [found[code] for code in sorted(found)]


def dictionary(tenant: Tenant | None, code: str) -> DictionaryType:
    """The tenant's list of that code with its `items`, or UnknownDictionary. Two queries."""
    with all_tenants():
        matching = _known_to(tenant).filter(code=code) if "\0" not in code else ()
        found = list(matching)
        if not found:
            raise UnknownDictionary
        best: DictionaryType = found[-1]
        best.shown_items = list(best.items.all())  # type: ignore[attr-defined]
    return best


def items_of(found: DictionaryType) -> list[DictionaryItem]:
    """Every item of a list that `dictionary` gave, switched off ones too, in order."""
    items: list[DictionaryItem] = found.shown_items  # type: ignore[attr-defined]
    return items


def choices(tenant: Tenant | None, code: str) -> list[DictionaryItem]:
    """What can be chosen now, in order. Two queries."""
    return [item for item in items_of(dictionary(tenant, code)) if item.enabled]


def choice(tenant: Tenant | None, code: str, value: str) -> DictionaryItem | None:
    """The item of that value if it can be chosen now."""
    return next((item for item in choices(tenant, code) if item.value == value), None)


def _known_to(tenant: Tenant | None) -> QuerySet[DictionaryType]:
    with all_tenants():
        everyones = Q(tenant__isnull=True)
        own = everyones if tenant is None else everyones | Q(tenant=tenant)
        found: QuerySet[DictionaryType] = DictionaryType.objects.filter(own)
    return found.order_by(F("tenant").asc(nulls_first=True))
