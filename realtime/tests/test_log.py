import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from realtime import log, publish
from realtime.log import Position
from realtime.models import Event
from realtime.testing import published


def say(n: int, tenant: str = "demo") -> None:
    publish.broadcast("note", {"n": n}, source="system", log=tenant)


@pytest.mark.django_db(transaction=True)
def test_offsets_follow_the_order_of_commits_without_gaps_under_many_writers() -> None:
    writers, each = 8, 12

    def write(number: int) -> None:
        for count in range(each):
            with transaction.atomic():
                say(number * 100 + count)
                if count % 4 == 3:
                    transaction.set_rollback(True)
        connection.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events = published("demo")
    assert [event.offset for event in events] == list(range(1, writers * each * 3 // 4 + 1))
    for number in range(writers):
        mine = [e.payload["n"] for e in events if e.payload["n"] // 100 == number]
        assert mine == sorted(mine)


@pytest.mark.django_db(transaction=True)
def test_appending_outside_a_transaction_is_refused() -> None:
    with pytest.raises(TransactionManagementError):
        log.append("demo", type="note", channels=["sse:broadcast"], data="{}")


@pytest.mark.django_db
def test_it_reads_on_from_any_offset() -> None:
    for n in range(1, 6):
        say(n)
    head = log.head("demo")
    assert [frame.offset for frame in log.read_after("demo", head.epoch, 2, limit=2)] == [3, 4]
    assert log.read_after("demo", "another", 0) == []


@pytest.mark.django_db
def test_trimming_raises_the_floor_with_the_deletion() -> None:
    for n in range(1, 6):
        say(n)
    Event.objects.filter(offset__lte=3).update(created_at=timezone.now() - timedelta(days=30))
    call_command("trim_event_log")
    assert [event.offset for event in published("demo")] == [4, 5]
    assert log.head("demo").floor == 3
    assert log.head("demo").offset == 5


@pytest.mark.django_db
def test_a_new_epoch_is_begun_once() -> None:
    epoch = log.head("demo").epoch
    assert log.renew_epoch("demo", epoch=epoch)
    assert not log.renew_epoch("demo", epoch=epoch)
    assert log.head("demo").epoch != epoch


@pytest.mark.parametrize("text", ["", "1", "e1-", "-1", "E1-1", "e1-1x", "e1-" + "9" * 19, "e1-٣"])
def test_what_is_no_position_is_none(text: str) -> None:
    assert Position.parse(text) is None


def test_a_position_reads_as_it_is_written() -> None:
    assert Position.parse("0a1b-42") == Position("0a1b", 42)
    assert str(Position("0a1b", 42)) == "0a1b-42"


@pytest.mark.django_db
def test_publishing_costs_a_constant_number_of_queries(
    django_assert_num_queries: object,
) -> None:
    say(1)
    with django_assert_num_queries(2):  # type: ignore[operator]
        say(2)  # update, insert


@pytest.mark.django_db(transaction=True)
def test_renewing_a_log_makes_positions_from_before_mean_nothing() -> None:
    say(1)
    say(1, tenant="other")
    before = {name: log.head(name) for name in ("demo", "other")}
    call_command("renew_event_log", log="demo", stdout=StringIO())
    assert log.head("demo").epoch != before["demo"].epoch
    assert log.head("demo").offset == before["demo"].offset
    assert log.head("other") == before["other"]


@pytest.mark.django_db(transaction=True)
def test_a_database_without_returning_numbers_events_just_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log, "RETURNING", set())
    for n in (1, 2):
        say(n)
    assert [event.offset for event in published("demo")] == [1, 2]
    assert log.position("demo").endswith("-2")
