"""With knowledge's editions: any room's are the same."""

import threading

import pytest
from pytest_django import DjangoAssertNumQueries

from chatbot.knowledge.models import Edition
from chatplatform.kernel import editions
from chatplatform.kernel.editions import Editions
from chatplatform.kernel.scoping import all_tenants
from chatplatform.tenants.models import Tenant
from tests.processes import wait_until


class Process:
    """Keeps for each tenant how many were built before."""

    def __init__(self, most: int = 4) -> None:
        self.built: list[Tenant] = []
        self.kept = Editions(Edition, self.build, most=most)

    def build(self, tenant: Tenant) -> int:
        self.built.append(tenant)
        return len(self.built)


def renew(tenant: Tenant) -> None:
    with all_tenants():
        Edition.renew(tenant)


def test_it_is_built_once_per_edition(tenant: Tenant) -> None:
    process = Process()
    assert [process.kept.current(tenant) for _ in range(3)] == [1, 1, 1]
    renew(tenant)
    assert [process.kept.current(tenant) for _ in range(3)] == [2, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_while_a_long_one_is_built_everybody_gets_the_one_before_and_nobody_waits(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "LONG", -1.0)
    process, may_end = Process(), threading.Event()
    assert process.kept.current(tenant) == 1
    built_at_once = process.kept._build

    def build_slowly(tenant: Tenant) -> int:
        assert may_end.wait(20)
        return built_at_once(tenant)

    monkeypatch.setattr(process.kept, "_build", build_slowly)
    renew(tenant)
    assert [process.kept.current(tenant) for _ in range(5)] == [1, 1, 1, 1, 1]
    may_end.set()
    wait_until(lambda: process.kept.current(tenant) == 2, what="the next edition")
    assert process.built == [tenant, tenant]


@pytest.mark.django_db(transaction=True)
def test_a_long_one_that_can_not_be_built_is_begun_again(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editions, "LONG", -1.0)
    process = Process()
    process.kept.current(tenant)
    built_at_once, failures = process.kept._build, iter([ConnectionError("away")])

    def fail_once(tenant: Tenant) -> int:
        for failure in failures:
            raise failure
        return built_at_once(tenant)

    monkeypatch.setattr(process.kept, "_build", fail_once)
    renew(tenant)
    wait_until(lambda: process.kept.current(tenant) == 2, what="the next edition")


def test_another_process_sees_a_change_at_once_if_it_asks(tenant: Tenant) -> None:
    ours, theirs = Process(), Process()
    ours.kept.current(tenant)
    theirs.kept.current(tenant)
    renew(tenant)
    assert (ours.kept.current(tenant), theirs.kept.current(tenant)) == (2, 2)


def test_the_latest_costs_no_query_and_is_as_fresh_as_the_last_look(
    tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    process = Process()
    assert process.kept.latest(tenant) == 1
    renew(tenant)
    with django_assert_num_queries(0):
        assert process.kept.latest(tenant) == 1
    process.kept.look()
    assert process.kept.latest(tenant) == 2


def test_a_look_is_one_query_however_many_are_kept_and_forgets_only_what_changed(
    tenant: Tenant, other_tenant: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    process = Process()
    for each in (tenant, other_tenant):
        process.kept.latest(each)
    renew(tenant)
    with django_assert_num_queries(1):
        process.kept.look()
    with django_assert_num_queries(0):
        assert process.kept.latest(other_tenant) == 2
    assert process.kept.latest(tenant) == 3


def test_a_look_at_nothing_asks_nothing(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        Process().kept.look()


@pytest.mark.parametrize("ask", ["current", "latest"])
def test_only_so_many_tenants_are_kept(db: None, ask: str) -> None:
    process = Process(most=2)
    tenants = [Tenant.objects.create(slug=f"shop-{n}", name="Shop") for n in range(5)]
    for tenant in tenants:
        getattr(process.kept, ask)(tenant)
    assert list(process.kept._kept) == [tenants[3].pk, tenants[4].pk]
    assert set(process.kept._building) <= set(process.kept._kept)
