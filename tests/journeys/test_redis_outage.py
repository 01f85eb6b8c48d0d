from collections.abc import Callable
from typing import Any

from tests.journeys.conversation import under_way
from tests.people import Customer
from tests.processes import wait_until
from tests.servers import SIDES, Platform


def layers(running: Platform) -> set[Any]:
    return {running.readiness(side).report["channel_layer"]["state"] for side in SIDES}


def says(running: Platform, state: str) -> Callable[[], bool]:
    return lambda: layers(running) == {state}


def test_every_word_arrives_once_and_in_order_while_redis_is_away(running: Platform) -> None:
    with under_way(running) as talk:
        wait_until(says(running, "redis"), what="/readyz to say redis")
        talk.goes_on(turns=3)
        running.broker.kill()
        talk.goes_on(turns=10)
        wait_until(says(running, "memory"), what="/readyz to say memory")
        assert all(running.readiness(side).serves for side in SIDES), "degraded is not down"
        talk.goes_on(turns=10)
        running.broker.start()
        talk.goes_on(turns=10)
        wait_until(says(running, "redis"), what="/readyz to say redis again")
        talk.goes_on(turns=3)
        talk.everyone_has_everything()
        assert (talk.widget.opened, talk.desk.opened) == (1, 1), "somebody had to come back"


def test_a_transfer_is_seen_within_a_second_right_after_redis_died(running: Platform) -> None:
    with under_way(running) as talk:
        running.broker.kill()
        try:
            customer = Customer(running)
            customer.asks_for_a_person()
            talk.desk.wait_for(
                lambda event: (
                    event.type == "transfer_request"
                    and event.payload["session_name"] == customer.session
                ),
                seconds=1,
            )
        finally:
            running.broker.start()
        wait_until(says(running, "redis"), what="/readyz to say redis again")
