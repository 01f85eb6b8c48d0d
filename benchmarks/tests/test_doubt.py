"""A row says so when it measured the generator and not the contestant."""

from dataclasses import replace

from benchmarks.fanout import costs, doubt
from benchmarks.load import BUSY, Load
from benchmarks.results import Result, table

CALM = Load(
    latencies=[1.0],
    last=[1.0],
    lost=0,
    deliveries=1,
    server=0.1,
    helpers=0.0,
    generator=BUSY,
    late=0.1,
)


def test_a_generator_with_time_to_spare_is_believed() -> None:
    assert doubt(CALM) == ""


def test_a_busy_generators_row_is_invalid_where_people_read_it() -> None:
    busy = replace(CALM, generator=0.93)
    row = Result("fan-out", "ours", "1 x 1/s", busy.latencies, 0, costs(busy), note=doubt(busy))
    shown = table([row.summary()])
    assert "INVALID: the generator was the bottleneck" in shown
    assert "93%" in shown
