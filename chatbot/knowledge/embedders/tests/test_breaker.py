from chatbot.knowledge.embedders.breaker import Breaker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_after_failures_in_a_row_and_lets_one_try_after_its_rest() -> None:
    clock = Clock()
    breaker = Breaker(failures=2, rest=10, clock=clock)
    breaker.failed()
    assert breaker.lets_try()
    breaker.failed()
    assert not breaker.lets_try()
    clock.now = 10
    assert [breaker.lets_try(), breaker.lets_try()] == [True, False]
    breaker.failed()
    clock.now = 19
    assert not breaker.lets_try()
    clock.now = 20
    assert breaker.lets_try()
    breaker.succeeded()
    assert [breaker.lets_try(), breaker.lets_try()] == [True, True]


def test_failures_with_a_success_between_do_not_add_up() -> None:
    breaker = Breaker(failures=2, clock=Clock())
    breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert breaker.lets_try()
