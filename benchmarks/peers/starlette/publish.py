"""PUBLISH."""

import os

import redis

from benchmarks import publishers, stamps

client = redis.Redis.from_url(os.environ["BENCHMARK_REDIS"])


def publish(stamp: int) -> None:
    client.publish("benchmark", stamps.envelope(stamp))


publishers.serve(publish)
