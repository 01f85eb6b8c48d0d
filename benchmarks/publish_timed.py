"""Times `publish` and the doorbell inside a transaction; prints milliseconds as JSON.

python -m benchmarks.publish_timed SESSION LOG COUNT
"""

import json
import sys

import django

django.setup(set_prefix=False)

from django.db import transaction  # noqa: E402 - needs the app registry

from benchmarks import stamps  # noqa: E402 - likewise
from chatbot.conversations.models import Conversation  # noqa: E402 - likewise
from chatplatform.kernel.scoping import all_tenants  # noqa: E402 - likewise
from realtime import publish  # noqa: E402 - likewise
from realtime.serving import settle  # noqa: E402 - likewise

session, log, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def change() -> None:
    with all_tenants():
        Conversation.objects.filter(name=session).update(transfer_reason="benchmark")


def without() -> dict[str, float]:
    began = stamps.now()
    with transaction.atomic():
        change()
    return {"without": stamps.now() - began}


def published() -> dict[str, float]:
    """Rings run after the commit, between the two marks."""
    marks: list[int] = []
    began = stamps.now()
    with transaction.atomic():
        change()
        transaction.on_commit(lambda: marks.append(stamps.now()))
        before = stamps.now()
        publish.to_session(session, "benchmark", stamps.payload(0), source="system", log=log)
        after = stamps.now()
        transaction.on_commit(lambda: marks.append(stamps.now()))
    ended = stamps.now()
    return {"with": ended - began, "publish": after - before, "ring": marks[1] - marks[0]}


settle()  # as the processes that serve: else a garbage collection of 95 ms is among the samples
taken: dict[str, list[float]] = {}
for number in range(count + 5):
    for name, value in {**without(), **published()}.items():
        if number >= 5:  # the first open connections and threads
            taken.setdefault(name, []).append(value / 1000)
print(json.dumps(taken))
