from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.dictionaries import services
from chatplatform.dictionaries.models import DictionaryItem, DictionaryType
from chatplatform.dictionaries.seeds import CLOSE_REASON, seed_system_dictionaries
from chatplatform.dictionaries.selectors import (
    UnknownDictionary,
    choice,
    choices,
    dictionaries_of,
    dictionary,
    items_of,
)
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


def made(tenant: Tenant | None, by: User, *items: DictionaryItem, code: str = "size") -> Any:
    new = DictionaryType(tenant=tenant, code=code, name_zh_hans="尺寸", name_en="Sizes")
    services.save_dictionary(dictionary=new, by=by, items=items)
    return new


def item(value: str, **more: Any) -> DictionaryItem:
    fields = {"label_zh_hans": f"{value}号", "label_en": value.upper()} | more
    return DictionaryItem(value=value, **fields)


def values(tenant: Tenant | None, code: str = "size") -> list[str]:
    return [each.value for each in choices(tenant, code)]


def faults(refused: pytest.ExceptionInfo[InvalidInput]) -> list[tuple[str, str]]:
    return [(fault["field"], fault["code"]) for fault in refused.value.extra["errors"]]


def test_everyone_has_the_lists_of_the_platform(tenant: Tenant) -> None:
    codes = [each.code for each in dictionaries_of(tenant)]
    assert codes == ["close_reason", "contact_reason", "tag"]
    assert values(tenant, CLOSE_REASON)[0] == "solved"


def test_a_label_is_in_the_readers_language(tenant: Tenant) -> None:
    found = dictionary(tenant, CLOSE_REASON)
    with translation.override("zh-hans"):
        assert (found.name, items_of(found)[0].label) == ("关闭原因", "已解决")
    with translation.override("en"):
        assert (found.name, items_of(found)[0].label) == ("Reasons for closing", "Solved")


def test_items_come_in_their_order(ada: User, tenant: Tenant) -> None:
    made(tenant, ada, item("m", sort=20), item("s", sort=10), item("l", sort=20))
    assert values(tenant) == ["s", "m", "l"]


def test_a_tenants_own_list_stands_in_for_everyones(
    ada: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    own = services.copy_for_tenant(dictionary=dictionary(None, CLOSE_REASON), tenant=tenant, by=ada)
    services.save_dictionary(dictionary=own, by=ada, items=[item("bought", sort=1)])
    assert values(tenant, CLOSE_REASON)[:2] == ["bought", "solved"]
    assert values(other_tenant, CLOSE_REASON)[0] == "solved"
    assert [each.tenant for each in dictionaries_of(tenant)] == [tenant, None, None]
    with pytest.raises(InvalidInput) as refused:
        services.copy_for_tenant(dictionary=own, tenant=tenant, by=ada)
    assert faults(refused) == [("code", "duplicate")]


def test_a_stranger_sees_no_list_of_ours(ada: User, tenant: Tenant, other_tenant: Tenant) -> None:
    made(tenant, ada, item("s"))
    for whose in (other_tenant, None):
        with pytest.raises(UnknownDictionary):
            dictionary(whose, "size")
        assert "size" not in [each.code for each in dictionaries_of(whose)]


@pytest.mark.parametrize("code", ["nothing", "", "a\0b", "CLOSE_REASON"])
def test_an_unknown_list_is_not_there(tenant: Tenant, code: str) -> None:
    with pytest.raises(UnknownDictionary):
        dictionary(tenant, code)


def test_a_value_stands_in_a_list_once(ada: User, tenant: Tenant) -> None:
    sizes = made(tenant, ada, item("s"))
    with pytest.raises(InvalidInput) as refused:
        services.save_dictionary(dictionary=sizes, by=ada, items=[item("s")])
    assert faults(refused) == [("value", "duplicate")]


def test_a_code_is_a_tenants_once_and_everyones_once(
    ada: User, operator: User, tenant: Tenant
) -> None:
    for whose, by in ((tenant, ada), (None, operator)):
        made(whose, by)
        with pytest.raises(InvalidInput) as refused:
            made(whose, by)
        assert faults(refused) == [("code", "duplicate")]


def test_a_new_default_takes_it_from_the_one_before(ada: User, tenant: Tenant) -> None:
    sizes = made(tenant, ada, item("s", default=True), item("m"))
    with all_tenants():
        middle = sizes.items.get(value="m")
    middle.default = True
    services.save_dictionary(dictionary=sizes, by=ada, items=[middle])
    assert [each.value for each in choices(tenant, "size") if each.default] == ["m"]


def test_two_defaults_at_once_are_refused(ada: User, tenant: Tenant) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(tenant, ada, item("s", default=True), item("m", default=True))
    assert faults(refused) == [("default", "two_defaults")]


def test_a_default_can_be_chosen(ada: User, tenant: Tenant) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(tenant, ada, item("s", default=True, enabled=False))
    assert faults(refused) == [("default", "default_disabled")]


@pytest.mark.parametrize(
    ("field", "value"),
    [("value", "a b"), ("value", ""), ("label_en", ""), ("color", "red"), ("value", "x" * 61)],
)
def test_a_bad_item_is_refused_by_its_field(
    ada: User, tenant: Tenant, field: str, value: str
) -> None:
    bad = item("s")
    setattr(bad, field, value)
    with pytest.raises(InvalidInput) as refused:
        made(tenant, ada, bad)
    assert faults(refused)[0][0] == field


def test_what_is_switched_off_is_known_but_not_chosen(ada: User, tenant: Tenant) -> None:
    made(tenant, ada, item("s", enabled=False), item("m"))
    assert [each.value for each in items_of(dictionary(tenant, "size"))] == ["s", "m"]
    assert values(tenant) == ["m"]
    assert choice(tenant, "size", "s") is None
    assert choice(tenant, "size", "m") is not None


def test_a_list_of_the_platform_stays(operator: User, ada: User, tenant: Tenant) -> None:
    with pytest.raises(services.SystemDictionary) as refused:
        services.delete_dictionary(dictionary=dictionary(None, CLOSE_REASON), by=operator)
    assert refused.value.status == 409
    services.delete_dictionary(dictionary=made(tenant, ada), by=ada)
    with pytest.raises(UnknownDictionary):
        dictionary(tenant, "size")


def test_nobody_changes_a_list_that_is_not_his(
    ben: User, ada: User, sam: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    for whose, by in ((tenant, ben), (None, ada), (other_tenant, ada)):
        with pytest.raises(PermissionRefused):
            made(whose, by)


def test_seeding_again_leaves_what_operators_chose(operator: User) -> None:
    reasons = dictionary(None, CLOSE_REASON)
    solved = items_of(reasons)[0]
    solved.label_en, solved.enabled = "Done", False
    services.save_dictionary(dictionary=reasons, by=operator, items=[solved])
    seed_system_dictionaries()
    again = items_of(dictionary(None, CLOSE_REASON))[0]
    assert (again.label_en, again.enabled) == ("Done", False)


def test_a_change_leaves_a_line(ada: User, tenant: Tenant) -> None:
    sizes = made(tenant, ada, item("s"))
    services.save_dictionary(dictionary=sizes, by=ada, items=[item("m")])
    services.delete_dictionary(dictionary=sizes, by=ada)
    with all_tenants():
        lines = list(AuditEntry.objects.order_by("pk"))
    assert [line.action for line in lines] == [
        f"dictionary.{d}" for d in ("create", "change", "delete")
    ]
    assert sorted(lines[1].after["items"]) == ["m", "s"]


def test_reading_costs_the_same_for_one_item_and_for_many(
    ada: User, tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made(tenant, ada, *[item(f"v{number}") for number in range(30)])
    made(tenant, ada, item("s"), code="other")
    for code in ("size", "other"):
        with django_assert_num_queries(2):
            choices(tenant, code)
    with django_assert_num_queries(1):
        dictionaries_of(tenant)
