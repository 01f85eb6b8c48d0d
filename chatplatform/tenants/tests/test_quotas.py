"""What a plan allows is spent once, whoever spends at the same moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from chatbot.conversations.tests.racing import together
from chatplatform.audit.models import AuditEntry
from chatplatform.kernel.scoping import tenant_scope
from chatplatform.tenants import limits, quotas
from chatplatform.tenants.metrics import Metric
from chatplatform.tenants.models import Plan, Tenant, UsageCounter
from chatplatform.tenants.quotas import QuotaExhausted
from chatplatform.tenants.usage import percentage, usage_of


@pytest.fixture
def small(tenant: Tenant) -> Tenant:
    """The tenant, with a plan of three answers a month and one kilobyte."""
    allowed = {"ai_messages": 3, "storage": 1000, "requests_per_minute": 60}
    tenant.plan = Plan.objects.create(code="small", name="Small", limits=allowed)
    tenant.save()
    return tenant


def used(tenant: Tenant, metric: Metric) -> int:
    with tenant_scope(tenant):
        value: int = UsageCounter.objects.get(metric=metric, period=quotas.period_of(metric)).value
    return value


def test_without_a_plan_nothing_is_limited_and_all_is_counted(tenant: Tenant) -> None:
    quotas.spend(tenant=tenant, metric=Metric.STORAGE, amount=10**12)
    assert quotas.limit(tenant, Metric.STORAGE) is None
    assert used(tenant, Metric.STORAGE) == 10**12


def test_a_plan_ends_at_its_limit(small: Tenant) -> None:
    for _ in range(3):
        quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)
    assert not quotas.is_left(small, Metric.AI_MESSAGES)
    with pytest.raises(QuotaExhausted) as refused:
        quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)
    assert (refused.value.status, refused.value.code) == (403, "quota_exhausted")
    assert refused.value.extra == {"metric": "ai_messages", "limit": 3}
    assert used(small, Metric.AI_MESSAGES) == 3


def test_more_than_is_left_is_not_spent_in_part(small: Tenant) -> None:
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=600)
    with pytest.raises(QuotaExhausted):
        quotas.spend(tenant=small, metric=Metric.STORAGE, amount=401)
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=400)
    assert used(small, Metric.STORAGE) == 1000


def test_what_is_given_back_can_be_spent_again(small: Tenant) -> None:
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=1000)
    quotas.give_back(tenant=small, metric=Metric.STORAGE, amount=300)
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=300)
    quotas.give_back(tenant=small, metric=Metric.STORAGE, amount=5000)
    assert used(small, Metric.STORAGE) == 0


def test_a_tenants_own_limit_beats_its_plans(small: Tenant) -> None:
    small.limits = {"ai_messages": 0, "storage": limits.UNLIMITED}
    assert quotas.limit(small, Metric.AI_MESSAGES) == 0
    assert quotas.limit(small, Metric.STORAGE) is None
    assert quotas.limit(small, Metric.REQUESTS_PER_MINUTE) == 60
    assert not quotas.is_left(small, Metric.AI_MESSAGES)
    with pytest.raises(QuotaExhausted):
        quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)


def test_a_new_month_begins_with_nothing_used(
    small: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas.spend(tenant=small, metric=Metric.AI_MESSAGES, amount=3)
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=1000)
    later = timezone.now() + timedelta(days=32)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert quotas.is_left(small, Metric.AI_MESSAGES)
    quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)
    assert not quotas.is_left(small, Metric.STORAGE)


def test_a_month_is_that_of_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert quotas.period_of(Metric.AI_MESSAGES) == "2026-12"
    assert quotas.period_of(Metric.SEATS) == ""


def test_one_tenant_does_not_spend_anothers(small: Tenant, other_tenant: Tenant) -> None:
    other_tenant.plan = small.plan
    quotas.spend(tenant=small, metric=Metric.AI_MESSAGES, amount=3)
    quotas.spend(tenant=other_tenant, metric=Metric.AI_MESSAGES)
    assert used(other_tenant, Metric.AI_MESSAGES) == 1


def test_spending_is_one_query(
    small: Tenant, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)
    with django_assert_num_queries(1):
        quotas.spend(tenant=small, metric=Metric.AI_MESSAGES)


def test_a_caller_that_fails_has_spent_nothing(small: Tenant) -> None:
    quotas.spend(tenant=small, metric=Metric.STORAGE)
    with transaction.atomic():
        quotas.spend(tenant=small, metric=Metric.STORAGE, amount=100)
        transaction.set_rollback(True)
    assert used(small, Metric.STORAGE) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("begun", [True, False], ids=["a counter", "no counter yet"])
def test_of_two_who_want_the_last_one_exactly_one_gets_it(small: Tenant, begun: bool) -> None:
    if begun:
        quotas.spend(tenant=small, metric=Metric.AI_MESSAGES, amount=2)
    else:
        small.limits = {"ai_messages": 1}
    results = together(
        small,
        *[lambda: quotas.spend(tenant=small, metric=Metric.AI_MESSAGES) for _ in range(2)],
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "QuotaExhausted"]
    assert used(small, Metric.AI_MESSAGES) == (3 if begun else 1)


def test_that_it_is_used_up_is_said_once_a_month(
    small: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> bool:
        return quotas.tell_exhausted(tenant=small, metric=Metric.AI_MESSAGES)

    assert [told(), told()] == [True, False]
    later = timezone.now() + timedelta(days=32)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert told()
    with tenant_scope(small):
        lines = AuditEntry.objects.filter(action="quota.exhaust")
        assert [line.target_id for line in lines] == ["ai_messages", "ai_messages"]


def test_counters_begin_with_what_there_is_and_can_be_counted_again(
    small: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(quotas._counts, Metric.STORAGE, lambda tenant: 900)
    with pytest.raises(QuotaExhausted):
        quotas.spend(tenant=small, metric=Metric.STORAGE, amount=101)
    quotas.spend(tenant=small, metric=Metric.STORAGE, amount=100)
    monkeypatch.setitem(quotas._counts, Metric.STORAGE, lambda tenant: 5)
    quotas.count_again(tenant=small)
    assert used(small, Metric.STORAGE) == 5


def test_usage_tells_every_metric_in_order(small: Tenant) -> None:
    quotas.spend(tenant=small, metric=Metric.AI_MESSAGES, amount=2)
    usage = {line.metric: line for line in usage_of(small)}
    assert list(usage) == list(Metric)
    answers = usage[Metric.AI_MESSAGES]
    assert (answers.used, answers.limit, answers.percentage) == (2, 3, 66)
    assert usage[Metric.SEATS].limit is None
    assert usage[Metric.REQUESTS_PER_MINUTE].used is None


@pytest.mark.parametrize(
    ("used", "limit", "share"), [(0, 3, 0), (3, 3, 100), (4, 3, 133), (0, 0, 100), (1, None, None)]
)
def test_a_percentage_is_rounded_down(used: int, limit: int | None, share: int | None) -> None:
    assert percentage(used, limit) == share


@pytest.mark.parametrize(
    "wrong", [{"seats": -2}, {"seats": "5"}, {"seats": True}, {"seats": None}, {"cars": 1}, [], 5]
)
def test_limits_are_whole_numbers_of_known_metrics(wrong: object) -> None:
    with pytest.raises(limits.InvalidLimits):
        limits.checked(wrong)
