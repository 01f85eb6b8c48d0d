"""`group_send`, on one event loop."""

import asyncio

import django
from channels.layers import get_channel_layer

from benchmarks import publishers, stamps

django.setup()
layer = get_channel_layer()
assert layer
loop = asyncio.new_event_loop()


def publish(stamp: int) -> None:
    message = {"type": "event", "data": stamps.envelope(stamp)}
    loop.run_until_complete(layer.group_send("benchmark", message))


publishers.serve(publish)
