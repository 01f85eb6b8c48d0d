"""`group_send`, on one event loop."""

import asyncio
from typing import Any

import django
from channels.layers import get_channel_layer

from benchmarks import publishers, stamps

django.setup()
layer: Any = get_channel_layer()
loop = asyncio.new_event_loop()


def publish(stamp: int) -> None:
    message = {"type": "event", "data": stamps.envelope(stamp)}
    loop.run_until_complete(layer.group_send("benchmark", message))


publishers.serve(publish)
