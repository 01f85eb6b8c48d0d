"""Lists and their items change here and nowhere else."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chatplatform.audit import services as audit
from chatplatform.audit.actors import Actor
from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.kernel.errors import Conflict, InvalidInput, PermissionRefused
from chatplatform.kernel.input_errors import FieldError
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


class SystemDictionary(Conflict):
    code = "system_dictionary"
    title = gettext_lazy("The platform itself uses this dictionary.")
    hint = gettext_lazy("Switch off the items that you don't need.")


@transaction.atomic
def save_dictionary(
    *, dictionary: DictionaryType, by: Any, items: Sequence[DictionaryItem] = ()
) -> None:
    """Keep a new or changed list, with those of its items that are new or changed.

    An item that is to be the default takes that from the one before. InvalidInput naming the field
    for a code or value that is there already, two defaults at once, or one that nobody can choose.
    """
    check_may_change(by, dictionary.tenant)
    with all_tenants():
        before = {} if dictionary._state.adding else _values(dictionary)
        _check(dictionary, exclude=["tenant"])
        dictionary.save()
        _save_items(dictionary, items)
        _record(dictionary, before, _values(dictionary), by)


@transaction.atomic
def delete_dictionary(*, dictionary: DictionaryType, by: Any) -> None:
    """Delete a list with its items. SystemDictionary for one that the platform uses."""
    check_may_change(by, dictionary.tenant)
    if dictionary.system:
        raise SystemDictionary
    with all_tenants():
        _record(dictionary, _values(dictionary), {}, by)
        dictionary.delete()


@transaction.atomic
def copy_for_tenant(*, dictionary: DictionaryType, tenant: Tenant, by: Any) -> DictionaryType:
    """Give the tenant its own list in place of everyone's, to change as it likes.

    InvalidInput if it has one of that code.
    """
    with all_tenants():
        items = [_twin(item) for item in dictionary.items.all()]
    own = DictionaryType(
        tenant=tenant,
        code=dictionary.code,
        name_zh_hans=dictionary.name_zh_hans,
        name_en=dictionary.name_en,
    )
    save_dictionary(dictionary=own, by=by, items=items)
    return own


def check_may_change(user: Any, tenant: Tenant | None) -> None:
    """PermissionRefused unless the list is the user's to change; everyone's are the operators'."""
    bound_to = getattr(user, "tenant", None)
    if not user.has_perm("dictionaries.change_dictionarytype"):
        raise PermissionRefused(_("You may not change dictionaries."))
    if bound_to is not None and bound_to != tenant:
        raise PermissionRefused(_("This dictionary is not your company's."))


def _save_items(dictionary: DictionaryType, items: Sequence[DictionaryItem]) -> None:
    defaults = [item for item in items if item.default]
    if len(defaults) > 1:
        raise InvalidInput(errors=[_fault("default", "two_defaults", _("Only one can be it."))])
    if any(not item.enabled for item in defaults):
        message = _("What is chosen at first must be one that can be chosen.")
        raise InvalidInput(errors=[_fault("default", "default_disabled", message)])
    if defaults:
        dictionary.items.exclude(pk=defaults[0].pk).update(default=False)
    for item in items:
        item.type = dictionary
        _check(item)
        item.save()


def _check(row: DictionaryType | DictionaryItem, exclude: Sequence[str] = ()) -> None:
    try:
        row.full_clean(exclude=list(exclude), validate_constraints=False)
        row.validate_constraints()
    except ValidationError as error:
        raise InvalidInput(errors=_faults(error, row)) from None


def _faults(error: ValidationError, row: DictionaryType | DictionaryItem) -> list[FieldError]:
    named = "code" if isinstance(row, DictionaryType) else "value"
    return [
        # a constraint over several fields is told under none of them
        _fault(named if field == "__all__" else field, _code(fault), " ".join(fault.messages))
        for field, faults in error.error_dict.items()
        for fault in faults
    ]


def _code(fault: ValidationError) -> str:
    return "duplicate" if fault.code in ("unique", "unique_together") else fault.code or "invalid"


def _fault(field: str, code: str, message: str) -> FieldError:
    return {"field": field, "code": code, "message": message}


def _twin(item: DictionaryItem) -> DictionaryItem:
    names = ("value", "label_zh_hans", "label_en", "color", "sort", "default", "enabled")
    return DictionaryItem(**{name: getattr(item, name) for name in names})


def _values(dictionary: DictionaryType) -> dict[str, Any]:
    """The stored list in plain values, for the audit line."""
    stored = DictionaryType.objects.get(pk=dictionary.pk)
    items = stored.items.values(
        "value", "label_zh_hans", "label_en", "color", "sort", "default", "enabled"
    )
    return {
        "name_zh_hans": stored.name_zh_hans,
        "name_en": stored.name_en,
        "items": {item.pop("value"): item for item in items},
    }


def _record(
    dictionary: DictionaryType, before: dict[str, Any], after: dict[str, Any], by: Any
) -> None:
    deed = "change" if before and after else "create" if after else "delete"
    audit.record(
        tenant=dictionary.tenant,
        actor=Actor("user", str(by.pk), by.get_username()),
        action=f"dictionary.{deed}",
        target=dictionary.code,
        before=before,
        after=after,
    )
