import asyncio
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from chatplatform.accounts.models import User
from chatplatform.audit.models import AuditEntry
from chatplatform.configuration import memory, services
from chatplatform.configuration.models import Revision, Setting
from chatplatform.configuration.registry import in_language
from chatplatform.configuration.selectors import current, entries
from chatplatform.configuration.testing import configured
from chatplatform.configuration.tests.groups import TeaSettings
from chatplatform.kernel.errors import InvalidInput, PermissionRefused
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant


def change(by: User, tenant: Tenant | None = None, **values: Any) -> None:
    """Change settings of the group and look again, as the job does."""
    services.change(group=TeaSettings, values=values, by=by, tenant=tenant)
    memory.refresh()


def test_a_tenants_value_beats_the_installations_and_that_the_default(
    operator: User, ada: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    assert current(TeaSettings, tenant).minutes == 3
    change(operator, minutes=5)
    change(ada, tenant, minutes=8)
    assert current(TeaSettings, tenant).minutes == 8
    assert current(TeaSettings, other_tenant).minutes == 5
    assert current(TeaSettings).minutes == 5
    change(ada, tenant, minutes=None)
    assert current(TeaSettings, tenant).minutes == 5
    change(operator, minutes=None)
    assert current(TeaSettings, tenant).minutes == 3


def test_asking_costs_no_query_and_looking_for_changes_costs_one(
    operator: User, tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    change(operator, tenant, minutes=7)
    with django_assert_num_queries(0):
        assert [current(TeaSettings, tenant).minutes for _ in range(3)] == [7, 7, 7]
        assert current(TeaSettings).minutes == 3
    with django_assert_num_queries(1):
        memory.refresh()


@pytest.mark.django_db(transaction=True)
def test_the_process_that_changes_something_knows_it_at_its_commit() -> None:
    operator = User.objects.create_superuser("olga")
    services.change(group=TeaSettings, values={"cups": 4}, by=operator)
    assert current(TeaSettings).cups == 4


def test_another_process_knows_it_at_its_next_look(operator: User) -> None:
    services.change(group=TeaSettings, values={"cups": 4}, by=operator)
    assert current(TeaSettings).cups == 2
    memory.refresh()
    assert current(TeaSettings).cups == 4


def test_a_process_that_knows_nothing_yet_reads_first(operator: User) -> None:
    services.change(group=TeaSettings, values={"cups": 4}, by=operator)
    memory.hold(None)
    assert current(TeaSettings).cups == 4


async def test_the_event_loop_gets_the_defaults_rather_than_waiting_for_a_database() -> None:
    memory.hold(None)
    await asyncio.sleep(0)
    assert current(TeaSettings).cups == 2


def test_a_restored_database_is_read_again(operator: User) -> None:
    change(operator, cups=4)
    with all_tenants():
        Setting.objects.all().delete()
    Revision.objects.update(stamp="of-the-backup")
    memory.refresh()
    assert current(TeaSettings).cups == 2


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("minutes", -1, "greater_than_equal"),
        ("minutes", 61, "less_than_equal"),
        ("minutes", "-1 minutes", "int_type"),
        ("minutes", "5", "int_type"),
        ("minutes", True, "int_type"),
        ("minutes", 5.5, "int_type"),
        ("sugar", "yes", "bool_type"),
        ("kind", "red", "literal_error"),
        ("label", "x" * 21, "string_too_long"),
        ("wish", "Enjoy", "dict_type"),
        ("wish", {"fr": "Bonjour"}, "language"),
        ("wish", {"en": "x" * 301}, "string_too_long"),
        ("wish", {"en": "a\0b"}, "text_nul"),
        ("milk", 1, "extra_forbidden"),
        ("milk", None, "extra_forbidden"),
    ],
)
def test_a_bad_value_is_refused_by_its_name_and_nothing_changes(
    ada: User, tenant: Tenant, field: str, value: Any, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.change(
            group=TeaSettings, values={"sugar": True, field: value}, by=ada, tenant=tenant
        )
    fault = refused.value.extra["errors"][0]
    assert (fault["field"].partition(".")[0], fault["code"]) == (field, code)
    with all_tenants():
        assert not Setting.objects.exists()


def test_what_only_operators_decide_is_nobodys_to_choose_for_a_tenant(
    ada: User, operator: User, tenant: Tenant
) -> None:
    for by in (ada, operator):
        with pytest.raises(InvalidInput) as refused:
            services.change(group=TeaSettings, values={"cups": 9}, by=by, tenant=tenant)
        assert refused.value.extra["errors"][0]["code"] == "installation_only"


def test_nobody_changes_what_is_not_his(
    ben: User, ada: User, tenant: Tenant, other_tenant: Tenant
) -> None:
    for by, whose in ((ben, tenant), (ada, None), (ada, other_tenant)):
        with pytest.raises(PermissionRefused):
            services.change(group=TeaSettings, values={"minutes": 9}, by=by, tenant=whose)


def test_a_change_leaves_a_line_that_says_what_was_and_what_is(ada: User, tenant: Tenant) -> None:
    change(ada, tenant, minutes=8, sugar=False)
    change(ada, tenant, minutes=9, sugar=False)
    with all_tenants():
        line = AuditEntry.objects.order_by("-pk").first()
    assert (line.action, line.target_id, line.actor_label) == ("settings.change", "tea", "ada")
    assert (line.before, line.after) == ({"minutes": 8}, {"minutes": 9})
    entry = next(entry for entry in entries(TeaSettings, tenant) if entry.key == "minutes")
    assert entry.own is not None
    assert (entry.value, entry.own.changed_by) == (9, "ada")


def test_a_change_of_the_installations_leaves_a_line_too(operator: User) -> None:
    change(operator, cups=4)
    with all_tenants():
        line = AuditEntry.objects.get()
    assert (line.tenant, line.before, line.after) == (None, {"cups": None}, {"cups": 4})


def test_changing_nothing_leaves_no_line(ada: User, tenant: Tenant) -> None:
    change(ada, tenant, minutes=8)
    change(ada, tenant, minutes=8)
    with all_tenants():
        assert AuditEntry.objects.count() == 1


def test_a_stored_value_that_is_refused_by_now_counts_as_not_set(
    operator: User, ada: User, tenant: Tenant
) -> None:
    change(operator, minutes=5, cups=4)
    with all_tenants():
        Setting.objects.filter(key="minutes").update(value=600)
        Setting.objects.create(group="tea", key="gone", value=1)
        Setting.objects.create(group="tea", key="cups", value=9, tenant=tenant)
    change(ada, tenant, sugar=True)
    found = current(TeaSettings, tenant)
    assert (found.minutes, found.cups, found.sugar) == (3, 4, True)


def test_a_text_is_chosen_by_language_and_has_one_to_fall_back_to() -> None:
    with translation.override("zh-hans"):
        assert in_language({"zh-hans": "您好"}, "Hello") == "您好"
        assert in_language({"en": "Hi"}, "Hello") == "Hello"


def test_tests_can_pretend(tenant: Tenant) -> None:
    with configured(TeaSettings, tenant, minutes=1):
        assert current(TeaSettings, tenant).minutes == 1
        assert current(TeaSettings).minutes == 3
    assert current(TeaSettings, tenant).minutes == 3
